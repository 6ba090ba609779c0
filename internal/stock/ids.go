package stock

// Several says that a store has two records where it should have one. What is done to
// such an item must not depend on which of them was listed first.
func Several(id, other string) string {
	return "has two inventory records, " + id + " and " + other + ", where there should be one"
}

// IDs has the id of the record of each item in a warehouse. The zero value is empty.
type IDs[K comparable] struct {
	first map[K]string
	wrong map[K]string
}

// Add adds a record.
func (r *IDs[K]) Add(of K, id string) {
	if r.first == nil {
		r.first, r.wrong = map[K]string{}, map[K]string{}
	}
	switch other, again := r.first[of]; {
	case !again:
		r.first[of] = id
	case other != id && r.wrong[of] == "":
		r.wrong[of] = Several(other, id)
	}
}

// Of returns the id of the record, "" if there is none.
func (r *IDs[K]) Of(of K) string { return r.first[of] }

// Several returns what is wrong if there are two records, else "".
func (r *IDs[K]) Several(of K) string { return r.wrong[of] }
