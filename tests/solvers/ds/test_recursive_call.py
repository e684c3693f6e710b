"""Oracle: the same functions in Python, with counters."""

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.ds.recursive_call import solve


class Count:
    """Calls and depth of a function that is written in Python."""

    def __init__(self):
        self.calls = self.depth = self.deepest = 0

    def __call__(self, f, *args):
        self.calls += 1
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        value = f(*args)
        self.depth -= 1
        return value


def fib(n, c):
    return c(lambda: n if n <= 1 else fib(n - 1, c) + fib(n - 2, c))


def ones(n, c):
    return c(lambda: 0 if n == 0 else ones(n // 2, c) + n % 2)


def gcd(a, b, c):
    return c(lambda: a if b == 0 else gcd(b, a % b, c))


@pytest.mark.parametrize("n", [0, 1, 2, 5, 9])
@pytest.mark.parametrize(
    ("code", "same"),
    [
        ("int fib(int n){ if(n<=1) return n; else return fib(n-1)+fib(n-2); }", fib),
        ("int f(int n){ return n==0 ? 0 : f(n/2)+n%2; }", ones),
    ],
)
def test_functions_of_one_parameter(code, same, n):
    count = Count()
    value = same(n, count)
    answer = solve(code, [n]).answer
    assert (answer["value"], answer["calls"], answer["depth"]) == (value, count.calls, count.deepest)


def test_two_parameters():
    count = Count()
    answer = solve("int g(int a,int b){ if(b==0) return a; return g(b,a%b); }", [48, 18]).answer
    assert (answer["value"], answer["calls"]) == (gcd(48, 18, count), count.calls)


def test_output_and_loops():
    code = 'void h(int n){ int i; if(n==0) return; for(i=0;i<n;i++) ; h(n-1); printf("%d",n); }'
    assert solve(code, [4]).answer["printed"] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("body", "order"),
    [
        ("if(n<=1) return 1; return n*f(n-1);", "O(n)"),
        ("if(n<=1) return 1; return f(n/2)+1;", "O(log n)"),
        ("if(n<=1) return 1; return f(n/2)+f(n/2);", "O(n)"),
        ("if(n<=1) return 1; return f(n-1)+f(n-1);", "O(2^n)"),
        ("int i,s=0; if(n<=1) return 1; for(i=0;i<n;i++) s++; return f(n/2)+f(n/2)+s;", "O(n log n)"),
    ],
)
def test_orders(body, order):
    assert solve(f"int f(int n){{ {body} }}", [4]).answer["order"] == order


@pytest.mark.parametrize("code", ["int f(int n){ return f(n); }", "int f(int n){ return m; }", "f(3);"])
def test_refuses(code):
    with pytest.raises(InputError):
        solve(code, [3])
