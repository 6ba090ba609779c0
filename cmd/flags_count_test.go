package cmd_test

// countEffects returns the flags for reading the file of a count, which are those of
// import with the same meaning.
func countEffects() []effect {
	const own = "prod_abc123@wh_abc123="
	const file = "inventory count FILE --warehouse LGS-01"
	const sheet = "rows.csv\nproductId,countedQty,baselineQty\nprod_abc123,90,100\n"
	was, is := own+"120", own+"100"
	return []effect{
		{
			flags: "format", args: file, with: "--format csv", file: "rows.csv\n" + `{"productId":"prod_abc123","countedQty":100}` + "\n",
			without: outcome{0, "adjusted", is}, then: outcome{2, "the header cannot be read", is},
		},
		{
			flags: "delimiter", args: file, with: "--delimiter ~", file: "rows.csv\nproductId~countedQty\nprod_abc123~100\n",
			without: outcome{2, "say which character is between the cells with --delimiter", was}, then: outcome{0, "adjusted", is},
		},
		{
			flags: "encoding", args: file + " --map Regal=_", with: "--encoding windows-1252",
			file:    "rows.csv\nproductId,countedQty,Regal\nprod_abc123,100,caf\u00e9 \xe9\n",
			without: outcome{2, "rows.csv:2:22: this byte (0xE9) is not UTF-8", was}, then: outcome{0, "windows-1252", is},
		},
		{
			flags: "map", args: file, with: "--map Artikel=productId", file: "rows.csv\nArtikel,countedQty\nprod_abc123,100\n",
			without: outcome{2, "--map Artikel=sku", was}, then: outcome{0, "adjusted", is},
		},
		{
			flags: "fill", args: "inventory count FILE", with: "--fill warehouseId=LGS-01",
			file: "rows.csv\nproductId,countedQty\nprod_abc123,100\n", without: outcome{2, "no column for warehouseId", was},
			then: outcome{0, "adjusted", is},
		},
		{
			flags: "fields", args: file, with: "--fields productId,_,countedQty", file: "rows.csv\nprod_abc123,7,100\n",
			without: outcome{2, "the first line looks like data", was}, then: outcome{0, "adjusted", is},
		},
		{
			flags: "ignore-unknown", args: file, with: "--ignore-unknown",
			file:    "rows.csv\nproductId,countedQty,colour\nprod_abc123,100,red\n",
			without: outcome{2, `unknown column "colour" for a count`, was}, then: outcome{0, "unknown columns, ignored: colour", is},
		},
		{
			flags: "value", args: "inventory count FILE", with: "--value warehouseId:shop=LGS-01",
			file: "rows.csv\nproductId,warehouseId,countedQty\nprod_abc123,Shop,100\n", without: outcome{2, "no warehouse has", was},
			then: outcome{0, "adjusted", is},
		},
		{
			flags: "blank", args: file, with: "--blank skip", file: "rows.csv\nproductId,countedQty\nprod_abc123,100\nprod_mug,\n",
			without: outcome{2, "is blank", was}, then: outcome{0, "1 skipped (no quantity)", is},
		},
		{
			flags: "decimal", args: file, with: "--decimal ,", file: "rows.csv\nproductId,countedQty\nprod_abc123,1.000\n",
			without: outcome{2, "may be 1 or 1000", was}, then: outcome{0, "adjusted", own + "1000"},
		},
		{
			flags: "skip-lines", args: file, with: "--skip-lines 2",
			file: "rows.csv\nproductId,countedQty\n,\ncountedQty,productId\n100,prod_abc123\n", without: outcome{2, "mistakes in", was},
			then: outcome{0, "header on line 3", is},
		},
		{
			flags: "duplicates", args: file, with: "--duplicates sum",
			file: "rows.csv\nproductId,countedQty\nprod_abc123,60\nprod_abc123,40\n", without: outcome{2, "is the same record as line 2", was},
			then: outcome{0, "1 added to another row", is},
		},
		{
			flags: "skip-invalid", args: file, with: "--skip-invalid",
			file: "rows.csv\nproductId,countedQty\nprod_abc123,100\nprod_mug,many\n", without: outcome{2, "count the other 1 row", was},
			then: outcome{10, "1 row was skipped as invalid", is},
		},
		{
			flags: "rejects", args: file + " --skip-invalid --yes=false", with: "--rejects FILE.out",
			file:    "rows.csv\nproductId,countedQty\nprod_abc123,120\nprod_mug,many\n",
			without: outcome{10, "rows.rejects.csv, and count that", was}, then: outcome{10, "rows.csv.out, and count that", was},
		},
		{
			flags: "if-moved", args: file, with: "--if-moved delta", file: sheet, without: outcome{10, "1 moved since", was},
			then: outcome{0, "adjusted", own + "110"},
		},
		{
			flags: "if-moved", args: file, with: "--if-moved apply", file: sheet, without: outcome{10, "1 moved since", was},
			then: outcome{0, "adjusted", own + "90"},
		},
		{
			flags: "skip-invalid", args: file + " --complete", with: "--skip-invalid", file: sheet, without: outcome{10, "1 moved since", was},
			then: outcome{2, "an item whose row is skipped would be set to 0", was},
		},
		{
			flags: "blank", args: file + " --complete", with: "--blank skip",
			file: "rows.csv\nproductId,countedQty,baselineQty\nprod_abc123,,100\n", without: outcome{2, "countedQty: is blank", was},
			then: outcome{2, "an item without a quantity would be set to 0", was},
		},
	}
}
