package cmd_test

// createEffects are the effects of the flags of create for tables.
func createEffects() []effect {
	const file = "inventory create -f FILE"
	const head = "rows.csv\nproductId,warehouseId,initialQty\n"
	const row = "prod_a,LGS-01,5\n"
	const there = "prod_abc123,LGS-01,5\n"
	const mug = "prod_a@wh_abc123="
	none, made := mug+"none", mug+"5"
	return []effect{
		{
			flags: "dry-run", args: file + " --dry-run", with: "--dry-run=false", file: head + row,
			without: outcome{0, "dry run: 1 doubtful; nothing was sent", none}, then: outcome{0, " 1 applied", made},
		},
		{
			flags: "if-exists", args: file, with: "--if-exists set", file: head + there,
			without: outcome{10, " 1 conflict", "prod_abc123@wh_abc123=120"}, then: outcome{0, " 1 applied", "prod_abc123@wh_abc123=5"},
		},
		{
			flags: "format", args: file, with: "--format jsonl",
			file:    "rows\n" + `{"productId":"prod_a","warehouseId":"LGS-01","initialQty":5}` + "\n" + `{"productId":"prod_b","warehouseId":"LGS-01","initialQty":5}` + "\n",
			without: outcome{2, "a second document begins here", none}, then: outcome{0, " 2 applied", made},
		},
		{
			flags: "delimiter", args: file, with: "--delimiter ~", file: "rows.csv\nproductId~warehouseId~initialQty\nprod_a~LGS-01~5\n",
			without: outcome{2, "say which character is between the cells with --delimiter", none}, then: outcome{0, " 1 applied", made},
		},
		{
			flags: "encoding", args: file, with: "--encoding cp850",
			file:    "rows.csv\nproductId,warehouseId,initialQty,location\nprod_a,LGS-01,5,S\x84ule\n",
			without: outcome{2, "is not windows-1252 either", none}, then: outcome{0, "cp850", made},
		},
		{
			flags: "map", args: file, with: "--map Lager=warehouseId", file: "rows.csv\nproductId,Lager,initialQty\nprod_a,LGS-01,5\n",
			without: outcome{2, `unknown for --mode create: "Lager"`, none}, then: outcome{0, " 1 applied", made},
		},
		{
			flags: "fill", args: file, with: "--fill warehouseId=LGS-01", file: "rows.csv\nproductId,initialQty\nprod_a,5\n",
			without: outcome{2, "no column for warehouseId", none}, then: outcome{0, " 1 applied", made},
		},
		{
			flags: "fields", args: file, with: "--fields productId,_,warehouseId,initialQty", file: "rows.csv\nprod_a,7,LGS-01,5\n",
			without: outcome{2, "the first line looks like data", none}, then: outcome{0, " 1 applied", made},
		},
		{
			flags: "ignore-unknown", args: file, with: "--ignore-unknown",
			file:    "rows.csv\nproductId,warehouseId,initialQty,colour\nprod_a,LGS-01,5,red\n",
			without: outcome{2, `unknown column "colour"`, none}, then: outcome{0, "unknown columns, ignored: colour", made},
		},
		{
			flags: "value", args: file, with: "--value warehouseId:shop=LGS-01", file: head + "prod_a,Shop,5\n",
			without: outcome{2, "no warehouse has", none}, then: outcome{0, " 1 applied", made},
		},
		{
			flags: "blank", args: file, with: "--blank skip", file: head + row + "prod_b,LGS-01,\n", without: outcome{2, "is blank", none},
			then: outcome{0, " 1 skipped", made},
		},
		{
			flags: "decimal", args: file, with: "--decimal ,", file: head + "prod_a,LGS-01,1.000\n",
			without: outcome{2, "may be 1 or 1000", none}, then: outcome{0, " 1 applied", mug + "1000"},
		},
		{
			flags: "skip-lines", args: file, with: "--skip-lines 2", file: head + ",,\nproductId,initialQty,warehouseId\nprod_a,5,LGS-01\n",
			without: outcome{2, "mistakes in", none}, then: outcome{0, "header on line 3", made},
		},
		{
			flags: "duplicates", args: file, with: "--duplicates sum", file: head + row + row,
			without: outcome{2, "is the same record as line 2", none}, then: outcome{0, " 1 skipped", mug + "10"},
		},
		{
			flags: "skip-invalid", args: file, with: "--skip-invalid", file: head + row + "prod_b,LGS-01,many\n",
			without: outcome{2, "send the other 1 row", none}, then: outcome{10, " 1 invalid", made},
		},
		{
			flags: "rejects", args: file + " --skip-invalid", with: "--rejects FILE.out", file: head + "prod_b,LGS-01,many\n",
			without: outcome{10, "rows.rejects.csv", none}, then: outcome{10, "rows.csv.out", none},
		},
		{
			flags: "file", args: "inventory create", with: "-f FILE", file: "rows.txt\nproductId,warehouseId,initialQty\n" + row,
			without: outcome{2, "missing --product", none}, then: outcome{0, " 1 applied", made},
		},
		{
			flags: "file", args: file + " --location A", with: "--dry-run", file: head + row,
			without: outcome{2, "`--fill location=A` fills it in if it is blank", none},
			then:    outcome{2, "cannot override the rows of a table", none},
		},
		{
			flags: "file", args: file, with: "--map sku=_", file: "rows.yaml\nproductId: prod_a\nwarehouseId: LGS-01\ninitialQty: 5\n",
			without: outcome{0, "created", made}, then: outcome{2, "--map describes a table, and ", made},
		},
		{
			flags: "map", args: "inventory create --map sku=_", without: outcome{2, "--map requires --file", none},
			then: outcome{2, "--map requires --file", none},
		},
	}
}
