package cmd_test

// countEffects returns the flags for reading the file of a count, which are those of
// import with the same meaning.
func countEffects() []effect {
	const own = "prod_abc123@wh_abc123="
	const file = "inventory count FILE --warehouse LGS-01"
	const sheet = "rows.csv\nproductId,countedQty,baselineQty\nprod_abc123,90,100\n"
	was, is := own+"120", own+"100"
	return []effect{
		{"format", file, "--format jsonl", "rows.csv\n" + `{"productId":"prod_abc123","countedQty":100}` + "\n", outcome{2, "the header cannot be read", was}, outcome{0, "adjusted", is}},
		{"delimiter", file, "--delimiter ~", "rows.csv\nproductId~countedQty\nprod_abc123~100\n", outcome{2, "say which character is between the cells with --delimiter", was}, outcome{0, "adjusted", is}},
		{"encoding", file + " --map Regal=_", "--encoding windows-1252", "rows.csv\nproductId,countedQty,Regal\nprod_abc123,100,caf\u00e9 \xe9\n", outcome{2, "rows.csv:2:22: this byte (0xE9) is not UTF-8", was}, outcome{0, "windows-1252", is}},
		{"map", file, "--map Artikel=productId", "rows.csv\nArtikel,countedQty\nprod_abc123,100\n", outcome{2, "--map Artikel=sku", was}, outcome{0, "adjusted", is}},
		{"fill", "inventory count FILE", "--fill warehouseId=LGS-01", "rows.csv\nproductId,countedQty\nprod_abc123,100\n", outcome{2, "no column for warehouseId", was}, outcome{0, "adjusted", is}},
		{"fields", file, "--fields productId,_,countedQty", "rows.csv\nprod_abc123,7,100\n", outcome{2, "the first line looks like data", was}, outcome{0, "adjusted", is}},
		{"ignore-unknown", file, "--ignore-unknown", "rows.csv\nproductId,countedQty,colour\nprod_abc123,100,red\n", outcome{2, `unknown column "colour" for a count`, was}, outcome{0, "ignored, unknown: colour", is}},
		{"value", "inventory count FILE", "--value warehouseId:shop=LGS-01", "rows.csv\nproductId,warehouseId,countedQty\nprod_abc123,Shop,100\n", outcome{2, "no warehouse has", was}, outcome{0, "adjusted", is}},
		{"blank", file, "--blank skip", "rows.csv\nproductId,countedQty\nprod_abc123,100\nprod_mug,\n", outcome{2, "is blank", was}, outcome{0, "1 skipped, without a quantity", is}},
		{"decimal", file, "--decimal ,", "rows.csv\nproductId,countedQty\nprod_abc123,1.000\n", outcome{2, "may be 1 or 1000", was}, outcome{0, "adjusted", own + "1000"}},
		{"skip-lines", file, "--skip-lines 2", "rows.csv\nproductId,countedQty\n,\ncountedQty,productId\n100,prod_abc123\n", outcome{2, "mistakes in", was}, outcome{0, "header on line 3", is}},
		{"duplicates", file, "--duplicates sum", "rows.csv\nproductId,countedQty\nprod_abc123,60\nprod_abc123,40\n", outcome{2, "is the same record as line 2", was}, outcome{0, "1 added to another row", is}},
		{"skip-invalid", file, "--skip-invalid", "rows.csv\nproductId,countedQty\nprod_abc123,100\nprod_mug,many\n", outcome{2, "count the other 1 row", was}, outcome{10, "left out as invalid: 1 row", is}},
		{"rejects", file + " --skip-invalid --yes=false", "--rejects FILE.out", "rows.csv\nproductId,countedQty\nprod_abc123,120\nprod_mug,many\n", outcome{10, "rows.rejects.csv, and count that", was}, outcome{10, "rows.csv.out, and count that", was}},
		{"if-moved", file, "--if-moved delta", sheet, outcome{10, "1 moved since", was}, outcome{0, "adjusted", own + "110"}},
		{"if-moved", file, "--if-moved apply", sheet, outcome{10, "1 moved since", was}, outcome{0, "adjusted", own + "90"}},
		{"skip-invalid", file + " --complete", "--skip-invalid", sheet, outcome{10, "1 moved since", was}, outcome{2, "an item whose row is skipped would be set to 0", was}},
		{"blank", file + " --complete", "--blank skip", "rows.csv\nproductId,countedQty,baselineQty\nprod_abc123,,100\n", outcome{2, "countedQty: is blank", was}, outcome{2, "an item without a quantity would be set to 0", was}},
	}
}
