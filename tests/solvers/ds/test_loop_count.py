"""Oracle: the same loops written in Python, and orders known from analysis."""

from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.solvers.ds.loop_count import solve

COMPARE = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b}


@given(
    st.integers(0, 3),
    st.sampled_from(["<", "<="]),
    st.integers(1, 3),
    st.sampled_from(["n", "i", "n-i", "i*i"]),
    st.integers(1, 20),
)
def test_counts_equal_python_loops(start, compare, step, bound, n):
    code = f"for(i={start};i{compare}n;i+={step}) for(j=0;j<{bound};j++) m++;"
    count, i = 0, start
    while COMPARE[compare](i, n):
        count += max(0, eval(bound, {"n": n, "i": i}))
        i += step
    assert solve(code, n, "m++").answer["count"] == count


@given(st.integers(2, 5), st.integers(1, 2000))
def test_multiplying_loops(factor, n):
    count, i = 0, 1
    while i <= n:
        count, i = count + 1, i * factor
    assert solve(f"for(i=1;i<=n;i=i*{factor}) m++;", n).answer["count"] == count


@given(st.integers(1, 5000))
def test_summing_loop_runs_about_root_2n_times(n):
    answer = solve("int i=0,sum=0; while(sum<n) sum+=++i;", n).answer
    i = answer["count"]
    assert i * (i + 1) // 2 >= n > (i - 1) * i // 2
    assert answer["variables"] == {"i": i, "sum": i * (i + 1) // 2}


@given(st.integers(0, 3), st.integers(1, 3), st.integers(0, 2))
def test_formulas_are_the_polynomials(a, b, c):
    """a·n² + b·n + c executions, by sequential loops around one call each."""
    parts = ["for(i=1;i<=n;i++) for(j=1;j<=n;j++) { " + "m++; " * a + "}"] if a else []
    code = " ".join([*parts, f"for(i=0;i<{b}*n+{c};i++) s++;"])
    formula = solve(code, 5, "s++").answer["formula"]
    expected = ("n" if b == 1 else f"{b}·n") + (f" + {c}" if c else "")
    assert formula == expected


@pytest.mark.parametrize(
    ("code", "order"),
    [
        ("x=2; while(x<n/2) x=2*x;", "O(log n)"),  # 408 2011
        ("count=0; for(k=1;k<=n;k*=2) for(j=1;j<=n;j++) count++;", "O(n log n)"),  # 408 2014
        ("int i=0,sum=0; while(sum<n) sum += ++i;", "O(n^(1/2))"),  # 408 2017
        ("x=0; while(n>=(x+1)*(x+1)) x=x+1;", "O(n^(1/2))"),  # 408 2019
        ("int sum=0; for(int i=1;i<n;i*=2) for(int j=0;j<i;j++) sum++;", "O(n)"),  # 408 2022
        ("for(i=1;i<=n;i++) for(j=1;j<=i;j++) for(k=1;k<=j;k++) x++;", "O(n^3)"),
        ("for(i=1;i<=n;i++) for(j=1;j<=n;j+=i) x++;", "O(n log n)"),
        ("for(i=1;i<=n;i*=2) for(j=1;j<=n;j*=2) x++;", "O((log n)^2)"),
        ("x=2; while(x<n) x=x*x;", "O(log log n)"),
        ("for(i=0;i<10;i++) x++;", "O(1)"),
        ("for(i=1;i*i*i<=n;i++) x++;", "O(n^(1/3))"),
        ("for(i=1;i*i<=n;i++) for(j=1;j<=n;j*=2) x++;", "O(n^(1/2) log n)"),
        ("for(i=1;i*i<=n;i++) for(j=1;j<=n;j++) x++;", "O(n^(3/2))"),
        ("for(i=0;i<n;i++) for(j=0;j<n;j++) for(k=1;k<n;k*=2) x++;", "O(n^2 log n)"),
        ("i=n; do { i=i/3; } while(i>0);", "O(log n)"),
        ("for(i=1;i<=n;i++) for(j=1;j<=i*i;j++) if(j%i==0) for(k=0;k<j;k++) s++;", "O(n^4)"),
    ],
)
def test_golden_orders(code, order):
    assert solve(code, 9).answer["order"] == order


def test_golden_sums():
    # sum over i of i = n(n+1)/2; triple loop n(n+1)(n+2)/6
    assert solve("for(i=1;i<=n;i++) for(j=1;j<=i;j++) x++;", 100).answer["count"] == 5050
    triple = solve("for(i=1;i<=n;i++) for(j=1;j<=i;j++) for(k=1;k<=j;k++) x++;", 10).answer
    assert triple["count"] == 10 * 11 * 12 // 6
    assert triple["formula"] == "1/6·n^3 + 1/2·n^2 + 1/3·n"
    assert solve("x=0; while(n>=(x+1)*(x+1)) x=x+1;", 1000).answer["count"] == isqrt(1000)


def test_c_constructs():
    code = 'int i; for(i=n;i>0;i--) { if(i%2==0 && i!=4) printf("*"); else m+=2; }  /* end */'
    answer = solve(code, 6, "m+=2").answer
    assert answer["count"] == 4
    assert solve(code, 6, 'printf("*")').answer["count"] == 2
    assert solve("for(i=0;i<n;i++) for(j=0;j<n;j++) a[i][j]=0;", 7).answer["count"] == 49
    assert solve("y=0; while((y+1)*(y+1)<=n) ++y; S;", 10, "S").answer["count"] == 1


@pytest.mark.parametrize(
    "code",
    [
        "for(i=1;i<n;i*=1) m++;",
        "for(i=0;i<n) m++;",
        "while(x<n) x++; y=z+1;",
        "for(i=0;i<n;i++) { m++;",
        "@",
        "i=1/0;",
        ";",
        "while(n>0) ;",
    ],
)
def test_refuses(code):
    with pytest.raises(InputError):
        solve(code)


def test_unknown_statement():
    with pytest.raises(InputError):
        solve("for(i=0;i<n;i++) m++;", 5, "k++")
