package main

import "slices"

const (
	enter = "\r"
	down  = "\x1b[B"
	right = "\x1b[C"
)

// album returns the pictures of the README. All of them use the sandbox.
func album() []picture {
	return []picture{stockPicture(), choicePicture(), createPicture(), importPicture()}
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
		text:  "A terminal: stockctl inventory create asks for the SKU of the product; with \"blue\" typed, it lists the two of four that match.",
		keys: append(
			command("stockctl inventory create --profile sandbox"),
			step{"┃ Product", "prod_ph"},
			step{"┃ > prod_phone_789", right + enter},
			step{"┃ SKU", "blue"},
		),
		until: "┃ > PHONE-BLUE-128",
	}
}

func createPicture() picture {
	return picture{
		file:  "stockctl-inventory-create.svg",
		title: "stockctl inventory create",
		text: "A terminal: stockctl inventory create asks for product, SKU, warehouse, quantity, location and reorder levels, " +
			"shows the record, and creates it once it is confirmed.",
		keys: append(
			command("stockctl inventory create --profile sandbox --columns onHandQty,availableQty"),
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
		text: "A terminal: stockctl inventory import sends six rows once they are confirmed; four are applied, one is rejected, one is in conflict, " +
			"and the rejects file names both with the reason.",
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
			command("cut -d, -f1,3,4 opening.rejects.csv | sort -r"),
		),
	}
}

func stockPicture() picture {
	return picture{
		file:  "stockctl-inventory-low-stock.svg",
		title: "stockctl",
		text: "A terminal: stockctl inventory low-stock --cover 14d lists what runs out within 14 days, when, and how much to order; " +
			"stockctl inventory history charts the quantity on hand of one of these items over the last 60 days.",
		sales: true,
		keys: slices.Concat(
			command("stockctl inventory low-stock --cover 14d --profile sandbox"),
			command("stockctl inventory history TOTE-CANVAS@LGS-01 --since 60d --profile sandbox"),
		),
	}
}
