package cmd

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
)

const completionLong = `Generate the completion script for a shell. The help of each sub-command explains
how to install the script.

Suggestions for warehouses, products, SKUs and records come from the API, if it
responds within half a second, and are cached for ten minutes. Completion never
opens a keyring: if a profile's secrets are in one, it suggests what a command
last read in full, however long ago. To refresh the warehouses, run "stockctl
warehouse list".`

// completionCommand gives cobra's completion command our help, and makes it write our
// scripts.
func completionCommand(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() != "completion" {
			continue
		}
		cmd.Short, cmd.Long = "Generate shell completion scripts", completionLong
		cmd.Args = cobra.ArbitraryArgs
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return cli.Unknown(cmd, args[0])
		}
		for _, shell := range cmd.Commands() {
			shell.RunE = func(cmd *cobra.Command, _ []string) error {
				plain, err := cmd.Flags().GetBool("no-descriptions")
				if err != nil {
					return err
				}
				return Completion(root, shell.Name(), cmd.OutOrStdout(), !plain)
			}
		}
	}
}

// Completion writes the completion script for bash, zsh, fish or powershell.
// cobra's scripts join the words of the line and let the shell evaluate them, so that
// pressing Tab runs pasted text, or the name of a record. Ours pass the words unchanged.
func Completion(root *cobra.Command, shell string, w io.Writer, descriptions bool) error {
	var script bytes.Buffer
	var err error
	switch shell {
	case "bash":
		err = root.GenBashCompletionV2(&script, descriptions)
	case "zsh":
		err = root.GenZshCompletion(&script)
		if !descriptions {
			script.Reset()
			err = root.GenZshCompletionNoDesc(&script)
		}
	case "fish":
		err = root.GenFishCompletion(&script, descriptions)
	case "powershell":
		err = root.GenPowerShellCompletionWithDesc(&script)
		if !descriptions {
			script.Reset()
			err = root.GenPowerShellCompletion(&script)
		}
	default:
		err = fmt.Errorf("there are no completions for %s", shell)
	}
	if err != nil {
		return err
	}
	text, err := changed(shell, script.String())
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

// change is a part of cobra's script and its replacement. In both, __complete becomes
// __completeNoDesc for a script without descriptions.
type change struct{ from, to string }

// changed applies the changes to a shell's script. If a part to replace is missing, it
// returns an error, because the script would run what the user types.
func changed(shell, script string) (string, error) {
	request := "__complete"
	if strings.Contains(script, "__completeNoDesc") {
		request = "__completeNoDesc"
	}
	for _, c := range changes()[shell] {
		from := strings.ReplaceAll(c.from, "__complete ", request+" ")
		if strings.Count(script, from) == 0 {
			return "", fmt.Errorf("the completion script for %s is not as expected: %q is missing", shell, from)
		}
		script = strings.ReplaceAll(script, from, strings.ReplaceAll(c.to, "__complete ", request+" "))
	}
	return script, nil
}

func changes() map[string][]change {
	return map[string][]change{
		"bash": {
			// If there are several values, bash inserts their common prefix into the
			// line. On the first press of the key, type 9, they must be quoted.
			{"\n    37|42)\n", "\n    9|37|42)\n"},
			{`    requestComp="${words[0]} __complete ${args[*]}"` + "\n", `    local program="${words[0]/#\~\//$HOME/}"
    # An alias is not a program: call stockctl instead.
    [[ $(type -t -- "${program}") == @(file|function) ]] || program=stockctl
    requestComp="${program} __complete ${args[*]}"
`},
			{`        requestComp="${requestComp} ''"` + "\n", `        [[ ${#args[@]} -gt 0 && -z ${args[${#args[@]}-1]} ]] || args+=("")
        requestComp="${requestComp} ''"
`},
			{`    # Use eval to handle any environment variables and such
    out=$(eval "${requestComp}" 2>/dev/null)`, `    # The words are passed as they were typed, quotes and all, and are never
    # evaluated: the program removes the quotes.
    out=$(` + quotedWords + `=1 "${program}" __complete "${args[@]}" 2>/dev/null)`},
		},
		"zsh": {
			{`    words=("${=words[1,CURRENT]}")`, `    words=("${(@)words[1,CURRENT]}")`},
			{`"About to call: eval ${requestComp}"`, `"About to call: ${requestComp}"`},
			{`    # Use eval to handle any environment variables and such
    out=$(eval ${requestComp} 2>/dev/null)`, `    # The words are passed without their quotes and never evaluated. An alias is
    # not a program: call stockctl instead.
    local program="${${(Q)words[1]}/#\~\//$HOME/}"
    [[ -n ${commands[$program]-} || -n ${functions[$program]-} || -x $program ]] || program=stockctl
    out=$("${program}" __complete "${(@Q)words[2,-1]}" 2>/dev/null)`},
			{`            # We first need to escape any : as part of the completion itself.
`, `            # We first need to escape any \ and : as part of the completion itself.
            comp=${comp//\\/\\\\}
`},
			{`        flagPrefix="-P ${BASH_REMATCH}"`, `        flagPrefix=(-P "${BASH_REMATCH}")`},
			{"requestComp out directive comp lastComp noSpace keepOrder\n    local -a completions", "requestComp out directive comp lastComp keepOrder\n    local -a completions flagPrefix noSpace"},
			{"local lastParam lastChar flagPrefix requestComp", "local lastParam lastChar requestComp"},
			{`        noSpace="-S ''"`, `        noSpace=(-S '')`},
			{`if eval _describe $keepOrder "completions" completions $flagPrefix $noSpace; then`, `if _describe $keepOrder "completions" completions "${flagPrefix[@]}" "${noSpace[@]}"; then`},
			{`" ${flagPrefix}"`, `" ${(j: :)${(@q)flagPrefix}}"`},
		},
		"fish": {
			{`    set -l lastArg (string escape -- (commandline -ct))`, `    set -l lastArg (commandline -ct)`},
			{`    # Disable ActiveHelp which is not supported for fish shell
    set -l requestComp "STOCKCTL_ACTIVE_HELP=0 $args[1] __complete $args[2..-1] $lastArg"

    __stockctl_debug "Calling $requestComp"
    set -l results (eval $requestComp 2> /dev/null)`, `    # Disable ActiveHelp which is not supported for fish shell
    set -lx STOCKCTL_ACTIVE_HELP 0

    # The words are passed unchanged and never evaluated. If the first is neither a
    # program nor a function, call stockctl instead.
    set -l program (string replace -r '^~/' "$HOME/" -- $args[1])
    type -q -- $program; or set program stockctl
    __stockctl_debug "Calling $program __complete $args[2..-1] $lastArg"
    set -l results ($program __complete $args[2..-1] "$lastArg" 2> /dev/null)`},
		},
		"powershell": {
			{
				`    $_ -replace '\s|#|@|\$|;|,|''|\{|\}|\(|\)|"|` + "`" + `|\||<|>|&','` + "`" + `$&'`,
				`    $_ -replace '\s|#|@|\$|;|,|''|\{|\}|\(|\)|"|` + "`" + `|\||<|>|&|[\u2018-\u201f]|\*|\?|\[|\]|^[~%!-]','` + "`" + `$&'`,
			},
			{`    # Prepare the command to request completions for the program.
    # Split the command at the first space to separate the program and arguments.
    $Program,$Arguments = $Command.Split(" ",2)

    $RequestComp="$Program __complete $Arguments"
    __stockctl_debug "RequestComp: $RequestComp"
`, `    # The words before the cursor, without their quotes. They are passed unchanged and
    # never evaluated.
    $Words = @($CommandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $CursorPosition } | ForEach-Object {
        if ($_.Extent.EndOffset -gt $CursorPosition) {
            $_.Extent.Text.Substring(0, $CursorPosition - $_.Extent.StartOffset)
        } elseif ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $_.Value
        } else {
            $_.Extent.Text
        }
    })
    $Program = $Words[0]
    [string[]]$Arguments = @($Words | Select-Object -Skip 1)
    __stockctl_debug "Program: $Program Arguments: $Arguments"
`},
			{`        $WordToComplete = $Arguments.Split(" ")[-1]`, `        $WordToComplete = "$($Arguments | Select-Object -Last 1)"`},
			{`             $RequestComp="$RequestComp" + ' ` + "`\"`\"'", `             $Arguments += '""'`},
			{`             $RequestComp="$RequestComp" + ' ""'`, `             $Arguments += ''`},
			{`    __stockctl_debug "Calling $RequestComp"` + "\n", ""},
			{`    Invoke-Expression -OutVariable out "$RequestComp" 2>&1 | Out-Null`, `    $Out = @(& $Program __complete @Arguments 2>$null)`},
			// The common prefix of several values is inserted into the line, too.
			{
				`                    $CompletionText = "$($comp.Name)$Description"
                    if ($ExecutionContext.SessionState.LanguageMode -eq "FullLanguage"){
                        [System.Management.Automation.CompletionResult]::new($CompletionText, "$($comp.Name)$Description",`,
				`                    $CompletionText = $($comp.Name.TrimEnd() | __stockctl_escapeStringWithSpecialChars)
                    if ($ExecutionContext.SessionState.LanguageMode -eq "FullLanguage"){
                        [System.Management.Automation.CompletionResult]::new($CompletionText, "$($comp.Name)$Description",`,
			},
		},
	}
}

// quotedWords is the variable with which our bash script says that it passes words as
// they were typed: bash can only remove quotes by evaluating the words.
const quotedWords = "__stockctl_quoted"

// typedWords removes the quotes from the words of a line that is being completed.
func typedWords(args []string) []string {
	if len(args) == 0 || !strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) || os.Getenv(quotedWords) == "" {
		return args
	}
	out := []string{args[0]}
	for _, word := range args[1:] {
		out = append(out, unquoted(word))
	}
	return out
}

// unquoted removes quotes as a shell does, but leaves $ and backticks unchanged. It also
// removes a quote that is not closed yet.
func unquoted(word string) string {
	var b strings.Builder
	var quote rune
	escaped := false
	for _, r := range word {
		switch {
		case escaped && quote == '"' && !strings.ContainsRune("$`\"\\", r):
			b.WriteRune('\\')
			fallthrough
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped = true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
