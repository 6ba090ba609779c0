package api

// Learner receives what responses say about products, warehouses and records, on
// the goroutine that reads them. It must be safe for concurrent use, be quick, and
// not change the slices.
type Learner interface {
	LearnWarehouses([]Warehouse) // all of the store
	LearnWarehouse(Warehouse)    // one that was created or changed
	LearnProducts([]Product)
	LearnRecords([]Record)
}

// learn passes the content of a good response to the learner. The caller has checked
// that there is one, which saves converting the content to any if there is none.
func (c *Client) learn(response any) {
	switch a := response.(type) {
	case []Warehouse:
		c.learner.LearnWarehouses(a)
	case changedWarehouse:
		c.learner.LearnWarehouse(a.Warehouse)
	case Warehouse:
		c.learner.LearnWarehouse(a)
	case []Product:
		c.learner.LearnProducts(a)
	case Product:
		c.learner.LearnProducts([]Product{a})
	case []Record:
		c.learner.LearnRecords(a)
	case Record:
		c.learner.LearnRecords([]Record{a})
	}
}
