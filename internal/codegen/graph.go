package codegen

// components numbers nodes so that two have the same number where each reaches the other, and reports which nodes are
// on a circle. It is Tarjan's algorithm; numbers do not depend on anything but the order of nodes and edges.
func components[N comparable](nodes []N, edges func(N) []N) (number map[N]int, circular map[N]bool) {
	number, circular = map[N]int{}, map[N]bool{}
	index, low := map[N]int{}, map[N]int{}
	var stack []N
	onStack := map[N]bool{}
	var visit func(N)
	visit = func(n N) {
		index[n] = len(index) + 1
		low[n] = index[n]
		stack = append(stack, n)
		onStack[n] = true
		for _, m := range edges(n) {
			switch {
			case m == n:
				circular[n] = true
			case index[m] == 0:
				visit(m)
				low[n] = min(low[n], low[m])
			case onStack[m]:
				low[n] = min(low[n], index[m])
			}
		}
		if low[n] != index[n] {
			return
		}
		for size := 1; ; size++ {
			m := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			onStack[m] = false
			number[m] = index[n]
			if size > 1 || m != n {
				circular[m] = true
			}
			if m == n {
				return
			}
		}
	}
	for _, n := range nodes {
		if index[n] == 0 {
			visit(n)
		}
	}
	return number, circular
}
