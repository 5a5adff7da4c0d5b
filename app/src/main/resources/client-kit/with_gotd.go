// gotd (Go). Once, in this folder: go mod init kit && go get github.com/gotd/td@v0.93.0 && go mod tidy
// Then: go run with_gotd.go NUMBER CODE    signs in and writes to your Saved Messages
package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/gotd/td/session"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/telegram/message"
	"github.com/gotd/td/tg"
)

const publicKey = `@PEM@`

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, number, code string) error {
	block, _ := pem.Decode([]byte(publicKey))
	key, err := x509.ParsePKCS1PublicKey(block.Bytes)
	if err != nil {
		return err
	}
	here := tg.DCOption{ID: @DC@, IPAddress: "@HOST@", Port: @PORT@, Ipv6: @IPV6@}
	client := telegram.NewClient(1, "none", telegram.Options{
		DC:             @DC@,
		DCList:         dcs.List{Options: []tg.DCOption{here}},
		PublicKeys:     []telegram.PublicKey{{RSA: key}},
		SessionStorage: &session.FileStorage{Path: "gotd.session"},
	})
	ask := auth.CodeAuthenticatorFunc(func(context.Context, *tg.AuthSentCode) (string, error) { return code, nil })
	return client.Run(ctx, func(ctx context.Context) error {
		flow := auth.NewFlow(auth.Constant(number, "", ask), auth.SendCodeOptions{})
		if err := client.Auth().IfNecessary(ctx, flow); err != nil {
			return err
		}
		me, err := client.Self(ctx)
		if err != nil {
			return err
		}
		if _, err := message.NewSender(client.API()).Self().Text(ctx, "hello from gotd"); err != nil {
			return err
		}
		fmt.Println("signed in as", me.FirstName)
		return nil
	})
}
