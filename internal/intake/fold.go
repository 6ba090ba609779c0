package intake

import "strings"

// Fold makes headers equal that people write differently: "Product ID",
// product_id and productId.
func Fold(header string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.TrimSpace(header)))
}
