/** Good first questions: two a subject, one of each computed. */
export const SAMPLES: { subject: string; text: string }[] = [
  { subject: '操作系统', text: '页框数为 3，访问序列 7,0,1,2,0,3,0,4,2,3，用 LRU 缺页几次？' },
  { subject: '操作系统', text: '死锁的四个必要条件是什么？破坏哪个最实际？' },
  { subject: '数据结构', text: 'B 树和 B+ 树有什么区别？' },
  { subject: '数据结构', text: '快速排序最坏情况什么时候出现？怎样避免？' },
  { subject: '组成原理', text: 'TLB 命中、Cache 命中和缺页之间有哪些可能的组合？' },
  { subject: '组成原理', text: '中断隐指令做哪几件事？由谁完成？' },
  { subject: '计算机网络', text: 'TCP 为什么要三次握手，两次不行吗？' },
  { subject: '计算机网络', text: '慢开始门限为 16，从 cwnd=1 开始，第几个 RTT 进入拥塞避免？' },
];
