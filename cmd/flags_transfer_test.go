package cmd_test

// transferEffects are the flags with which a transfer reads a file: those of import,
// with the same meaning.
func transferEffects() []effect {
	const own = "prod_abc123@wh_abc123="
	const file = "inventory transfer -f FILE"
	const head = "rows.csv\nproductId,from,to,qty\n"
	const row = "prod_abc123,LGS-01,ABJ-01,20\n"
	was, is := own+"120", own+"100"
	return []effect{
		{"file", "inventory transfer", "--file FILE", head + row, outcome{2, "inventory transfer needs a product", was}, outcome{0, "1 moved", is}},
		{"dry-run", file + " --dry-run", "--dry-run=false", head + row, outcome{0, "dry run: nothing was sent", was}, outcome{0, "1 moved", is}},
		{"again", file, "--again", head + row, outcome{0, "1 moved", is}, outcome{0, "1 moved", own + "80"}},
		{"format", file, "--format jsonl", "rows.csv\n" + `{"productId":"prod_abc123","from":"LGS-01","to":"ABJ-01","qty":20}` + "\n", outcome{2, "the header cannot be read", was}, outcome{0, "1 moved", is}},
		{"delimiter", file, "--delimiter ~", "rows.csv\nproductId~from~to~qty\nprod_abc123~LGS-01~ABJ-01~20\n", outcome{2, "say which character is between the cells with --delimiter", was}, outcome{0, "1 moved", is}},
		{"encoding", file + " --map Regal=_ --dry-run", "--encoding windows-1252", "rows.csv\nproductId,from,to,qty,Regal\nprod_abc123,LGS-01,ABJ-01,20,S\xe4ule\n", outcome{0, "windows-1252", was}, outcome{0, "windows-1252", was}},
		{"map", file, "--map Artikel=productId", "rows.csv\nArtikel,from,to,qty\nprod_abc123,LGS-01,ABJ-01,20\n", outcome{2, "--map Artikel=sku", was}, outcome{0, "1 moved", is}},
		{"fill", file, "--fill from=LGS-01", "rows.csv\nproductId,to,qty\nprod_abc123,ABJ-01,20\n", outcome{2, "no column for from", was}, outcome{0, "1 moved", is}},
		{"fields", file, "--fields productId,_,from,to,qty", "rows.csv\nprod_abc123,7,LGS-01,ABJ-01,20\n", outcome{2, "--fields sku,qty,from,to,_", was}, outcome{0, "1 moved", is}},
		{"ignore-unknown", file, "--ignore-unknown", "rows.csv\nproductId,from,to,qty,colour\nprod_abc123,LGS-01,ABJ-01,20,red\n", outcome{2, `unknown column "colour" for a transfer`, was}, outcome{0, "ignored, unknown: colour", is}},
		{"value", file, "--value from:shop=LGS-01", head + "prod_abc123,Shop,ABJ-01,20\n", outcome{2, "no warehouse has", was}, outcome{0, "1 moved", is}},
		{"blank", file, "--blank skip", head + row + "prod_abc123,LGS-01,ABJ-01,\n", outcome{2, "is blank", was}, outcome{0, "1 skipped, without a quantity", is}},
		{"decimal", file, "--decimal .", head + "prod_abc123,LGS-01,ABJ-01,20.000\n", outcome{2, "may be 20 or 20000", was}, outcome{0, "1 moved", is}},
		{"skip-lines", file, "--skip-lines 2", "rows.csv\nproductId,from,to,qty\n,,,\nqty,productId,from,to\n20,prod_abc123,LGS-01,ABJ-01\n", outcome{2, "mistakes in", was}, outcome{0, "header on line 3", is}},
		{"skip-invalid", file, "--skip-invalid", head + row + "prod_abc123,LGS-01,ABJ-01,many\n", outcome{2, "move the other 1 row", was}, outcome{10, "left out as invalid: 1 row", is}},
		{"rejects", file + " --skip-invalid --blank error", "--rejects FILE.out", head + "prod_abc123,LGS-01,ABJ-01,many\n", outcome{10, "rows.rejects.csv, and move that", was}, outcome{10, "rows.csv.out, and move that", was}},
	}
}
