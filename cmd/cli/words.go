package cli

import "github.com/spf13/cobra"

// otherWord returns a hint for a word that other programs use for a command, or a blank
// string if there is none.
func otherWord(cmd *cobra.Command, word string) string {
	if hint := meant(cmd.Name(), word); hint != "" {
		return hint
	}
	var verb string
	switch word {
	case "ls":
		verb = "list"
	case "add", "new":
		verb = "create"
	case "rm", "remove", "del":
		verb = "delete"
	case "view", "describe", "show":
		verb = "get"
	case "get":
		verb = "show"
	case "start", "up":
		verb = "serve"
	case "down", "kill":
		verb = "stop"
	default:
		return ""
	}
	for _, c := range cmd.Commands() {
		if c.Name() == verb && c.IsAvailableCommand() {
			return "did you mean `" + c.CommandPath() + "`?"
		}
	}
	return ""
}

// meant returns a hint with the command that the user probably meant by an unknown word.
func meant(noun, word string) string {
	did := func(line string) string { return "did you mean `stockctl " + line + "`?" }
	switch noun + " " + word {
	case "stockctl whoami":
		return did("auth status")
	case "stockctl init", "stockctl signin", "stockctl configure", "stockctl setup":
		return did("auth login")
	case "stockctl signout":
		return did("auth logout")
	case "stockctl config", "stockctl settings":
		return did("profile list")
	case "stockctl ls", "stockctl list", "stockctl stock", "stockctl records":
		return did("inventory list")
	case "stockctl products", "stockctl items":
		return did("product list")
	case "stockctl create", "stockctl add", "stockctl new":
		return did("inventory create")
	case "stockctl search", "stockctl find", "inventory search", "inventory find":
		return did("inventory list --search TEXT")
	case "stockctl move", "inventory move", "inventory mv":
		return did("inventory transfer")
	case "inventory set", "inventory edit", "inventory update", "inventory sell", "inventory receive":
		return did("inventory adjust")
	case "stockctl rm", "stockctl delete", "inventory rm", "inventory delete", "inventory remove":
		return "the API cannot delete records: take the stock out with `stockctl inventory adjust`"
	case "warehouse rm", "warehouse delete", "warehouse remove":
		return "the API cannot delete warehouses: `stockctl warehouse update WAREHOUSE --active=false` takes one out of use"
	case "profile add", "profile create", "profile new":
		return did("profile set NAME")
	}
	return ""
}
