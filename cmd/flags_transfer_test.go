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
		{
			flags: "file", args: "inventory transfer", with: "--file FILE", file: head + row,
			without: outcome{2, "inventory transfer needs an item", was}, then: outcome{0, "1 moved", is},
		},
		{
			flags: "dry-run", args: file + " --dry-run", with: "--dry-run=false", file: head + row,
			without: outcome{0, "dry run: nothing was sent", was}, then: outcome{0, "1 moved", is},
		},
		{flags: "again", args: file, with: "--again", file: head + row, without: outcome{0, "1 moved", is}, then: outcome{0, "1 moved", own + "80"}},
		{
			flags: "format", args: file, with: "--format csv",
			file:    "rows.csv\n" + `{"productId":"prod_abc123","from":"LGS-01","to":"ABJ-01","qty":20}` + "\n",
			without: outcome{0, "1 moved", is}, then: outcome{2, "the header cannot be read", is},
		},
		{
			flags: "delimiter", args: file, with: "--delimiter ~", file: "rows.csv\nproductId~from~to~qty\nprod_abc123~LGS-01~ABJ-01~20\n",
			without: outcome{2, "say which character is between the cells with --delimiter", was}, then: outcome{0, "1 moved", is},
		},
		{
			flags: "encoding", args: file + " --map Regal=_ --dry-run", with: "--encoding windows-1252",
			file: "rows.csv\nproductId,from,to,qty,Regal\nprod_abc123,LGS-01,ABJ-01,20,S\xe4ule\n", without: outcome{0, "windows-1252", was},
			then: outcome{0, "windows-1252", was},
		},
		{
			flags: "map", args: file, with: "--map Artikel=productId", file: "rows.csv\nArtikel,from,to,qty\nprod_abc123,LGS-01,ABJ-01,20\n",
			without: outcome{2, "--map Artikel=sku", was}, then: outcome{0, "1 moved", is},
		},
		{
			flags: "fill", args: file, with: "--fill from=LGS-01", file: "rows.csv\nproductId,to,qty\nprod_abc123,ABJ-01,20\n",
			without: outcome{2, "no column for from", was}, then: outcome{0, "1 moved", is},
		},
		{
			flags: "fields", args: file, with: "--fields productId,_,from,to,qty", file: "rows.csv\nprod_abc123,7,LGS-01,ABJ-01,20\n",
			without: outcome{2, "--fields sku,qty,from,to,_", was}, then: outcome{0, "1 moved", is},
		},
		{
			flags: "ignore-unknown", args: file, with: "--ignore-unknown",
			file:    "rows.csv\nproductId,from,to,qty,colour\nprod_abc123,LGS-01,ABJ-01,20,red\n",
			without: outcome{2, `unknown column "colour" for a transfer`, was}, then: outcome{0, "unknown columns, ignored: colour", is},
		},
		{
			flags: "value", args: file, with: "--value from:shop=LGS-01", file: head + "prod_abc123,Shop,ABJ-01,20\n",
			without: outcome{2, "no warehouse has", was}, then: outcome{0, "1 moved", is},
		},
		{
			flags: "blank", args: file, with: "--blank skip", file: head + row + "prod_abc123,LGS-01,ABJ-01,\n",
			without: outcome{2, "is blank", was}, then: outcome{0, "1 skipped (no quantity)", is},
		},
		{
			flags: "decimal", args: file, with: "--decimal .", file: head + "prod_abc123,LGS-01,ABJ-01,20.000\n",
			without: outcome{2, "may be 20 or 20000", was}, then: outcome{0, "1 moved", is},
		},
		{
			flags: "skip-lines", args: file, with: "--skip-lines 2",
			file:    "rows.csv\nproductId,from,to,qty\n,,,\nqty,productId,from,to\n20,prod_abc123,LGS-01,ABJ-01\n",
			without: outcome{2, "mistakes in", was}, then: outcome{0, "header on line 3", is},
		},
		{
			flags: "skip-invalid", args: file, with: "--skip-invalid", file: head + row + "prod_abc123,LGS-01,ABJ-01,many\n",
			without: outcome{2, "move the other 1 row", was}, then: outcome{10, "1 row was skipped as invalid", is},
		},
		{
			flags: "rejects", args: file + " --skip-invalid --blank error", with: "--rejects FILE.out",
			file: head + "prod_abc123,LGS-01,ABJ-01,many\n", without: outcome{10, "rows.rejects.csv, and move that", was},
			then: outcome{10, "rows.csv.out, and move that", was},
		},
	}
}
