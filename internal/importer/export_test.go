package importer

// RepeatsForTest applies --duplicates as if the records were suspected of being named
// more than once. It reports whether all of them are among the suspects.
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
