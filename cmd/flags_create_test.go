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
		{"dry-run", file + " --dry-run", "--dry-run=false", head + row, outcome{0, "dry run: 1 doubtful; nothing was sent", none}, outcome{0, " 1 applied", made}},
		{"if-exists", file, "--if-exists set", head + there, outcome{10, " 1 conflict", "prod_abc123@wh_abc123=120"}, outcome{0, " 1 applied", "prod_abc123@wh_abc123=5"}},
		{"format", file, "--format jsonl", "rows\n" + `{"productId":"prod_a","warehouseId":"LGS-01","initialQty":5}` + "\n" + `{"productId":"prod_b","warehouseId":"LGS-01","initialQty":5}` + "\n", outcome{2, "a second document begins here", none}, outcome{0, " 2 applied", made}},
		{"delimiter", file, "--delimiter ~", "rows.csv\nproductId~warehouseId~initialQty\nprod_a~LGS-01~5\n", outcome{2, "say which character is between the cells with --delimiter", none}, outcome{0, " 1 applied", made}},
		{"encoding", file, "--encoding cp850", "rows.csv\nproductId,warehouseId,initialQty,location\nprod_a,LGS-01,5,S\x84ule\n", outcome{2, "is not windows-1252 either", none}, outcome{0, "cp850", made}},
		{"map", file, "--map Lager=warehouseId", "rows.csv\nproductId,Lager,initialQty\nprod_a,LGS-01,5\n", outcome{2, `unknown for --mode create: "Lager"`, none}, outcome{0, " 1 applied", made}},
		{"fill", file, "--fill warehouseId=LGS-01", "rows.csv\nproductId,initialQty\nprod_a,5\n", outcome{2, "no column for warehouseId", none}, outcome{0, " 1 applied", made}},
		{"fields", file, "--fields productId,_,warehouseId,initialQty", "rows.csv\nprod_a,7,LGS-01,5\n", outcome{2, "the first line looks like data", none}, outcome{0, " 1 applied", made}},
		{"ignore-unknown", file, "--ignore-unknown", "rows.csv\nproductId,warehouseId,initialQty,colour\nprod_a,LGS-01,5,red\n", outcome{2, `unknown column "colour"`, none}, outcome{0, "ignored, unknown: colour", made}},
		{"value", file, "--value warehouseId:shop=LGS-01", head + "prod_a,Shop,5\n", outcome{2, "no warehouse has", none}, outcome{0, " 1 applied", made}},
		{"blank", file, "--blank skip", head + row + "prod_b,LGS-01,\n", outcome{2, "is blank", none}, outcome{0, " 1 skipped", made}},
		{"decimal", file, "--decimal ,", head + "prod_a,LGS-01,1.000\n", outcome{2, "may be 1 or 1000", none}, outcome{0, " 1 applied", mug + "1000"}},
		{"skip-lines", file, "--skip-lines 2", head + ",,\nproductId,initialQty,warehouseId\nprod_a,5,LGS-01\n", outcome{2, "mistakes in", none}, outcome{0, "header on line 3", made}},
		{"duplicates", file, "--duplicates sum", head + row + row, outcome{2, "is the same record as line 2", none}, outcome{0, " 1 skipped", mug + "10"}},
		{"skip-invalid", file, "--skip-invalid", head + row + "prod_b,LGS-01,many\n", outcome{2, "send the other 1 row", none}, outcome{10, " 1 invalid", made}},
		{"rejects", file + " --skip-invalid", "--rejects FILE.out", head + "prod_b,LGS-01,many\n", outcome{10, "rows.rejects.csv", none}, outcome{10, "rows.csv.out", none}},
		{"file", "inventory create", "-f FILE", "rows.txt\nproductId,warehouseId,initialQty\n" + row, outcome{2, "missing --product", none}, outcome{0, " 1 applied", made}},
		{"file", file + " --location A", "--dry-run", head + row, outcome{2, "`--fill location=A` fills it in where it is blank", none}, outcome{2, "cannot override the rows of a table", none}},
		{"file", file, "--map sku=_", "rows.yaml\nproductId: prod_a\nwarehouseId: LGS-01\ninitialQty: 5\n", outcome{0, "created", made}, outcome{2, "--map describes a table, and ", made}},
		{"map", "inventory create --map sku=_", "", "", outcome{2, "--map goes with --file", none}, outcome{2, "--map goes with --file", none}},
	}
}
