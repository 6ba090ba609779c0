package main

import "slices"

const (
	enter = "\r"
	down  = "\x1b[B"
	right = "\x1b[C"
)

// album returns the pictures of the README. All of them use the sandbox.
func album() []picture {
	return []picture{choicePicture(), createPicture(), importPicture(), lowStockPicture()}
}

// command types a line into the shell. It waits for the echo before it presses
// Enter; otherwise the current prompt could be mistaken for the next one.
func command(line string) []step {
	return []step{{shellPrompt, line}, {shellPrompt + " " + line, enter}}
}

func choicePicture() picture {
	return picture{
		file:  "stockctl-inventory-create-choice.svg",
		title: "stockctl inventory create",
		text:  "A terminal: stockctl inventory create asks for the SKU of the product and lists all four with codes, ids and attributes.",
		keys: append(
			command("stockctl inventory create --profile sandbox"),
			step{"┃ Product", "prod_ph"},
			step{"┃ > prod_phone_789", right + enter},
			step{"┃ SKU", down},
		),
		until: "┃ > PHONE-RED-256  sku_red_256gb  Color=Red, Storage=256GB",
	}
}

func createPicture() picture {
	return picture{
		file:  "stockctl-inventory-create.svg",
		title: "stockctl inventory create",
		text: "A terminal: stockctl inventory create asks for product, SKU, warehouse, quantity, location and reorder levels, " +
			"shows the record, and creates it once confirmed.",
		keys: append(
			command("stockctl inventory create --profile sandbox"),
			step{"┃ Product", "prod_ph"},
			step{"┃ > prod_phone_789", right + enter},
			step{"┃ SKU", down},
			step{"┃ > PHONE-RED-256", enter},
			step{"┃ Warehouse", down},
			step{"┃ > ABJ-01", enter},
			step{"┃ Initial quantity", "40" + enter},
			step{"┃ Location", "B-02-1" + enter},
			step{"┃ Reorder level", "10" + enter},
			step{"┃ Reorder quantity", "30" + enter},
			step{"┃ Create this record?", "y\r"},
		),
	}
}

func importPicture() picture {
	return picture{
		file:  "stockctl-inventory-import.svg",
		title: "stockctl inventory import",
		text: "A terminal: stockctl inventory import sends six rows once confirmed; four are applied, one is rejected, one is in conflict, " +
			"and the reject file contains both with the reason.",
		files: map[string]string{"opening.csv": `productId,sku,warehouseId,initialQty,location,reorderLevel
prod_mug,,LGS-01,120,A-03-2,20
prod_mug,,ABJ-01,40,A-01-4,10
prod_phone_789,PHONE-RED-256,Abuja,7,B-02-1,5
prod_abc123,,LGS-01,99,A-01-1,20
prod_bundle_202,,LGS-01,5,C-01-1,
prod_plate,,LGS-01,60,A-03-3,15
`},
		keys: slices.Concat(
			command("stockctl inventory import opening.csv --profile sandbox"),
			[]step{{"┃ Send 6 rows", "y\r"}},
			// Rows are sent concurrently, so their order varies.
			command("sort -t, -k7n opening.rejects.csv | cut -d, -f1,3,4,7,10"),
		),
	}
}

func lowStockPicture() picture {
	return picture{
		file:  "stockctl-inventory-low-stock.svg",
		title: "stockctl inventory low-stock",
		text: "A terminal: stockctl inventory low-stock lists the records at or below their reorder level; " +
			"those below it are red, and each row says how much to reorder.",
		files: map[string]string{"shop.csv": `productId,sku,warehouseId,initialQty,location,reorderLevel,reorderQty
prod_mug,,LGS-01,4,A-03-2,20,60
prod_mug,,ABJ-01,10,A-01-4,10,40
prod_plate,,LGS-01,0,A-03-3,15,50
prod_phone_789,PHONE-BLUE-128,ABJ-01,2,B-02-1,5,
`},
		unlit: []string{"stockctl inventory import shop.csv --profile sandbox --yes"},
		keys:  command("stockctl inventory low-stock --profile sandbox"),
	}
}
