// gotd as a stock client, told only the server's address and public key; the line protocol is that of lines.mjs.
package main

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/gotd/td/session"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

const dc = 2

// What a command may be told.
type facts struct {
	ID         int    `json:"id"`
	Command    string `json:"command"`
	Address    string `json:"address"`
	Port       int    `json:"port"`
	PublicKey  string `json:"publicKey"`
	Number     string `json:"number"`
	Code       string `json:"code"`
	Name       string `json:"name"`
	Username   string `json:"username"`
	Peer       int64  `json:"peer"`
	To         int64  `json:"to"`
	Text       string `json:"text"`
	Entities   []span `json:"entities"`
	ReplyTo    int    `json:"replyTo"`
	Quote      string `json:"quote"`
	Silent     bool   `json:"silent"`
	MessageID  int    `json:"messageId"`
	MessageIDs []int  `json:"messageIds"`
	Both       bool   `json:"both"`
	Archived   bool   `json:"archived"`
	On         bool   `json:"on"`
	Session    string `json:"session"`
}

type span struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

type object map[string]any

type driver struct {
	client  *telegram.Client
	api     *tg.Client
	session session.StorageMemory // outlives a stop, as does what the manager of updates has seen
	manager *updates.Manager
	cancel  context.CancelFunc
	ended   chan error
	me      int64
	asked   *tg.AuthSentCode
	number  string
	mutex   sync.Mutex
	hashes  map[int64]int64
}

var (
	out     sync.Mutex
	encoder = json.NewEncoder(os.Stdout)
)

func say(line object) {
	out.Lock()
	defer out.Unlock()
	_ = encoder.Encode(line)
}

func main() {
	d := &driver{hashes: map[int64]int64{}}
	d.manager = updates.New(updates.Config{Handler: telegram.UpdateHandlerFunc(d.onUpdates)})
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var f facts
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			panic(err)
		}
		go d.answer(f)
	}
}

func (d *driver) answer(f facts) {
	ok, err := d.run(context.Background(), f)
	var rpc *tgerr.Error
	switch {
	case errors.As(err, &rpc):
		say(object{"id": f.ID, "error": fmt.Sprintf("%d %s", rpc.Code, rpc.Message)})
	case err != nil:
		say(object{"id": f.ID, "error": err.Error()})
	default:
		say(object{"id": f.ID, "ok": ok})
	}
}

func (d *driver) start(f facts) (any, error) {
	block, _ := pem.Decode([]byte(f.PublicKey))
	key, err := x509.ParsePKCS1PublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	here := tg.DCOption{ID: dc, IPAddress: f.Address, Port: f.Port}
	d.client = telegram.NewClient(1, "none", telegram.Options{
		DC:             dc,
		DCList:         dcs.List{Options: []tg.DCOption{here}},
		PublicKeys:     []telegram.PublicKey{{RSA: key}},
		SessionStorage: &d.session,
		UpdateHandler:  d.manager,
		Device:         telegram.DeviceConfig{DeviceModel: "test"},
	})
	d.api = d.client.API()
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel, d.ended = cancel, make(chan error, 1)
	ready := make(chan struct{})
	go func() {
		d.ended <- d.client.Run(ctx, func(ctx context.Context) error {
			close(ready)
			<-ctx.Done()
			return nil
		})
	}()
	select {
	case <-ready:
	case err := <-d.ended:
		return nil, err
	}
	if d.me == 0 {
		return nil, nil
	}
	return d.me, d.listen(ctx)
}

// The manager fetches what was missed, then follows.
func (d *driver) listen(ctx context.Context) error {
	begun := make(chan struct{})
	failed := make(chan error, 1)
	go func() {
		failed <- d.manager.Run(ctx, d.api, d.me, updates.AuthOptions{OnStart: func(context.Context) { close(begun) }})
	}()
	select {
	case <-begun:
		return nil
	case err := <-failed:
		return err
	}
}

func (d *driver) stop() (any, error) {
	d.cancel()
	<-d.ended
	d.manager.Reset()
	return nil, nil
}

func (d *driver) enterCode(ctx context.Context, f facts) (any, error) {
	done, err := d.client.Auth().SignIn(ctx, d.number, f.Code, d.asked.PhoneCodeHash)
	var signUp *auth.SignUpRequired
	if errors.As(err, &signUp) {
		done, err = d.client.Auth().SignUp(ctx, auth.SignUp{
			PhoneNumber: d.number, PhoneCodeHash: d.asked.PhoneCodeHash, FirstName: f.Name,
		})
	}
	if err != nil {
		return nil, err
	}
	d.me = done.User.GetID()
	running, cancel := context.WithCancel(context.Background())
	stop := d.cancel
	d.cancel = func() { cancel(); stop() }
	return d.me, d.listen(running)
}

func (d *driver) know(users []tg.UserClass) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for _, user := range users {
		if u, ok := user.(*tg.User); ok {
			d.hashes[u.ID] = u.AccessHash
		}
	}
}

func (d *driver) user(id int64) *tg.InputUser {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return &tg.InputUser{UserID: id, AccessHash: d.hashes[id]}
}

func (d *driver) peer(id int64) tg.InputPeerClass {
	if id == d.me {
		return &tg.InputPeerSelf{}
	}
	user := d.user(id)
	return &tg.InputPeerUser{UserID: user.UserID, AccessHash: user.AccessHash}
}

func (d *driver) onUpdates(_ context.Context, all tg.UpdatesClass) error {
	switch u := all.(type) {
	case *tg.Updates:
		d.know(u.Users)
		for _, update := range u.Updates {
			d.onUpdate(update)
		}
	case *tg.UpdateShort:
		d.onUpdate(u.Update)
	}
	return nil
}

func (d *driver) onUpdate(update tg.UpdateClass) {
	switch u := update.(type) {
	case *tg.UpdateNewMessage:
		d.event("message", d.seen(u.Message))
	case *tg.UpdateEditMessage:
		d.event("edited", d.seen(u.Message))
	case *tg.UpdateDeleteMessages:
		d.event("deleted", object{"messageIds": u.Messages})
	case *tg.UpdateReadHistoryOutbox:
		d.event("read", object{"peer": id(u.Peer), "maxId": u.MaxID, "outbox": true})
	case *tg.UpdateReadHistoryInbox:
		d.event("read", object{"peer": id(u.Peer), "maxId": u.MaxID, "outbox": false})
	case *tg.UpdateUserTyping:
		_, typing := u.Action.(*tg.SendMessageTypingAction)
		d.event("typing", object{"peer": u.UserID, "typing": typing})
	case *tg.UpdateUserStatus:
		_, online := u.Status.(*tg.UserStatusOnline)
		d.event("status", object{"peer": u.UserID, "online": online})
	case *tg.UpdatePinnedMessages:
		d.event("pinned", object{"peer": id(u.Peer), "messageIds": u.Messages, "pinned": u.Pinned})
	case *tg.UpdateUserName:
		d.event("named", object{"peer": u.UserID, "firstName": u.FirstName})
	}
}

func (d *driver) event(name string, told object) {
	told["event"] = name
	say(told)
}

func id(peer tg.PeerClass) int64 {
	if p, ok := peer.(*tg.PeerUser); ok {
		return p.UserID
	}
	return 0
}

func (d *driver) seen(any tg.MessageClass) object {
	if m, ok := any.(*tg.MessageService); ok {
		return object{"peer": id(m.PeerID), "from": d.from(m.FromID, m.Out, m.PeerID), "text": m.Action.TypeName(),
			"messageId": m.ID, "out": m.Out, "service": true}
	}
	m := any.(*tg.Message)
	told := object{"peer": id(m.PeerID), "from": d.from(m.FromID, m.Out, m.PeerID), "text": m.Message,
		"messageId": m.ID, "out": m.Out, "service": false, "silent": m.Silent, "pinned": m.Pinned,
		"edited": m.EditDate != 0, "entities": spans(m.Entities)}
	if reply, ok := m.ReplyTo.(*tg.MessageReplyHeader); ok {
		told["replyTo"], told["quote"] = reply.ReplyToMsgID, reply.QuoteText
	}
	if m.FwdFrom.FromID != nil {
		told["forwardedFrom"] = id(m.FwdFrom.FromID)
	}
	return told
}

func (d *driver) from(from tg.PeerClass, mine bool, peer tg.PeerClass) int64 {
	switch {
	case from != nil:
		return id(from)
	case mine:
		return d.me
	}
	return id(peer)
}

func spans(entities []tg.MessageEntityClass) []span {
	all := []span{}
	for _, e := range entities {
		one := span{Offset: e.GetOffset(), Length: e.GetLength()}
		switch e := e.(type) {
		case *tg.MessageEntityBold:
			one.Type = "bold"
		case *tg.MessageEntityItalic:
			one.Type = "italic"
		case *tg.MessageEntityUnderline:
			one.Type = "underline"
		case *tg.MessageEntityStrike:
			one.Type = "strike"
		case *tg.MessageEntityCode:
			one.Type = "code"
		case *tg.MessageEntitySpoiler:
			one.Type = "spoiler"
		case *tg.MessageEntityTextURL:
			one.Type, one.URL = "link", e.URL
		}
		all = append(all, one)
	}
	return all
}

func entities(wanted []span) []tg.MessageEntityClass {
	var all []tg.MessageEntityClass
	for _, e := range wanted {
		switch e.Type {
		case "bold":
			all = append(all, &tg.MessageEntityBold{Offset: e.Offset, Length: e.Length})
		case "italic":
			all = append(all, &tg.MessageEntityItalic{Offset: e.Offset, Length: e.Length})
		case "underline":
			all = append(all, &tg.MessageEntityUnderline{Offset: e.Offset, Length: e.Length})
		case "strike":
			all = append(all, &tg.MessageEntityStrike{Offset: e.Offset, Length: e.Length})
		case "code":
			all = append(all, &tg.MessageEntityCode{Offset: e.Offset, Length: e.Length})
		case "spoiler":
			all = append(all, &tg.MessageEntitySpoiler{Offset: e.Offset, Length: e.Length})
		case "link":
			all = append(all, &tg.MessageEntityTextURL{Offset: e.Offset, Length: e.Length, URL: e.URL})
		}
	}
	return all
}
