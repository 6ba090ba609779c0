package intake

// Type is the type of a Value.
type Type int

// The types of values. Null is the zero value.
const (
	Null Type = iota
	Text
	Number
	Bool
	Map
	List
)

// String returns the type's name for a sentence: "a number", "a list".
func (t Type) String() string {
	switch t {
	case Text:
		return "text"
	case Number:
		return "a number"
	case Bool:
		return "true or false"
	case Map:
		return "a mapping"
	case List:
		return "a list"
	}
	return "nothing"
}

// Value is a value in a document, with its position.
type Value struct {
	Type Type
	// Text is the decoded string of a Text. For every other scalar it is what was
	// written: 050, 1.5, 1e3, 0x10, true, null. It is blank for Map and List.
	Text   string
	Pos    Pos
	Fields []Field // of a Map, in the order of the file
	Items  []Value // of a List
}

// Field is one entry of a mapping. Pos is the position of its key.
type Field struct {
	Name  string
	Pos   Pos
	Value Value
}

// Documents are the records of one source.
type Documents struct {
	Records []Value // all of the type Map
	Single  bool    // the source was exactly one mapping, not a list of one
}
