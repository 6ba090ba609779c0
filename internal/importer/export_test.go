package importer

// RepeatsForTest is what --duplicates does when records are suspected to be named
// more than once. It reports whether they are all found among the suspects.
func (p *Plan) RepeatsForTest(suspected ...Key) (all bool, err error) {
	named := newKeyHashes[Key]()
	for _, key := range suspected {
		named.add(key)
		named.add(key)
	}
	err = p.repeats(named)
	for _, key := range suspected {
		if !named.mayHold(key) {
			return false, err
		}
	}
	return true, err
}
