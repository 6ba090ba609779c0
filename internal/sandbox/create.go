package sandbox

import (
	"context"
	"database/sql"
	"net/http"
	"strings"
)

// createRecord links a product or SKU to a warehouse, with its initial stock.
func (s *Server) createRecord(c *call) (*response, error) {
	asked, err := s.askedRecord(c)
	if err != nil {
		return nil, err
	}
	ctx := c.Context()
	err = s.store.inWrite(ctx, func(tx *sql.Tx) error {
		var w warehouse
		if err := w.load(ctx, tx.StmtContext(ctx, s.store.prepared.warehouse), asked.warehouseID); err != nil {
			return err
		}
		if !w.active {
			return refuse(http.StatusUnprocessableEntity, "Warehouse '%s' is inactive and takes no new inventory records.", w.code)
		}
		asked.warehouseName = w.name
		added, err := asked.insert(ctx, tx.StmtContext(ctx, s.store.prepared.insertRecord))
		if err != nil {
			return err
		}
		if !added {
			return refuse(s.view.duplicate(), "An inventory record for this product already exists in the specified warehouse.")
		}
		if asked.onHand == 0 {
			return nil
		}
		first := movement{
			id: newID("log"), recordID: asked.id, productID: asked.productID,
			action: received, change: asked.onHand, actor: s.account.signature(), at: asked.createdAt,
		}
		return first.insert(ctx, tx.StmtContext(ctx, s.store.prepared.insertMovement))
	})
	if err != nil {
		return nil, err
	}
	return done(http.StatusCreated, "Inventory record created successfully.", asked.json(s.view)), nil
}

// askedRecord reads and checks the request body of a create.
func (s *Server) askedRecord(c *call) (*record, error) {
	body, err := c.fields()
	if err != nil {
		return nil, err
	}
	now := s.timestamp()
	r := &record{
		id:                newID("inv"),
		productID:         body.required("productId"),
		warehouseID:       body.required("warehouseId"),
		onHand:            body.requiredInteger("initialQty", 0),
		location:          body.text("location"),
		reorderLevel:      body.integer("reorderLevel", 0),
		reorderQty:        body.integer("reorderQty", 0),
		variantAttributes: body.strings("variantAttributes"),
		createdAt:         now,
		updatedAt:         now,
	}
	if sku := body.text("skuId"); sku != nil {
		if strings.TrimSpace(*sku) == "" {
			body.wrong("skuId must not be blank: leave it out for a product without SKUs")
		}
		r.skuID = *sku
	}
	if err := body.err(); err != nil {
		return nil, err
	}
	return r, s.checkProduct(c.Context(), r.productID, r.skuID)
}

// checkProduct checks a record's product and SKU against the catalogue.
func (s *Server) checkProduct(ctx context.Context, productID, skuID string) error {
	products, err := s.catalogue(ctx)
	if err != nil {
		return err
	}
	p := products.find(productID)
	const status = http.StatusUnprocessableEntity
	switch {
	case p == nil && s.strict:
		return notFound("Product")
	case p == nil:
		// Unless strict, unknown products are accepted as any kind.
		return nil
	case p.kind == bundle:
		return refuse(status, "A BUNDLE product has no inventory of its own.")
	case p.kind == variable && skuID == "":
		return refuse(status, "skuId is required for a VARIABLE product.")
	case p.kind == variable && p.findSKU(skuID) == nil:
		return notFound("SKU")
	case p.kind != variable && skuID != "":
		return refuse(status, "A %s product takes no skuId.", p.kind)
	}
	return nil
}
