package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// salesDays is for how many days the shop of the pictures has sold.
const salesDays = 60

// item is a record of the sandbox, how much of it arrives when, and its sales on the
// days of a week. The sales of four weeks and what is left are such that it lasts for
// a whole number of days: the day it runs out must not depend on the time of day.
type item struct {
	record     string
	week       [7]int64
	deliveries map[int]int64 // by the number of days ago
	damaged    map[int]int64
}

func itemsSold() []item {
	return []item{
		{record: "inv_xyz789", week: [7]int64{1, 3, 2, 4, 1, 2, 1}, deliveries: map[int]int64{47: 40, 25: 60}, damaged: map[int]int64{33: 2, 14: 2}},
		{record: "inv_red128", week: [7]int64{1, 0, 2, 1, 1, 0, 2}, deliveries: map[int]int64{50: 20, 30: 25}},
		{record: "inv_blue128", week: [7]int64{0, 1, 0, 2, 0, 1, 3}, deliveries: map[int]int64{41: 28}},
	}
}

// sell gives the sandbox in a folder sales and deliveries, up to the present time.
func sell(ctx context.Context, dir string, now time.Time) (err error) {
	clock := now
	shop, err := sandbox.Open(ctx, sandbox.Options{Path: filepath.Join(dir, "sandbox.db"), Now: func() time.Time { return clock }})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shop.Close()) }()
	for day := salesDays - 1; day >= 0; day-- {
		clock = now.AddDate(0, 0, -day).Add(-2 * time.Hour) // away from the moments that the chart shows
		for _, i := range itemsSold() {
			for _, m := range []struct {
				action string
				qty    int64
			}{{"RECEIVED", i.deliveries[day]}, {"SOLD", -i.week[day%7]}, {"DAMAGED", -i.damaged[day]}} {
				if err := adjust(ctx, shop, i.record, m.action, m.qty); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// adjust sends an adjustment, unless its quantity is 0.
func adjust(ctx context.Context, shop *sandbox.Server, record, action string, qty int64) error {
	if qty == 0 {
		return nil
	}
	body := fmt.Sprintf(`{"qty":%d,"action":%q}`, qty, action)
	r, err := http.NewRequestWithContext(ctx, http.MethodPatch, "http://sandbox/v1/inventory/"+record+"/adjust", strings.NewReader(body))
	if err != nil {
		return err
	}
	token, _ := shop.IssueToken()
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("X-MerchantApiKey", shop.Account().MerchantAPIKey)
	r.Header.Set("Content-Type", "application/json")
	response, err := shop.Transport().RoundTrip(r)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s of %d: %s: %s", action, qty, response.Status, text)
	}
	return errors.Join(err, response.Body.Close())
}
