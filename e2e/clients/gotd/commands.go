package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/telegram/message"
	"github.com/gotd/td/telegram/message/unpack"
	"github.com/gotd/td/tg"
)

var commands = []string{"start", "stop", "requestCode", "enterCode", "logOut", "deleteAccount", "setUsername",
	"findByNumber", "findByUsername", "contacts", "removeContact", "send", "forward", "edit", "delete", "read", "typing",
	"pin", "history", "dialogs", "search", "clear", "block", "blocked", "online", "sessions", "endSession"}

var events = []string{"message", "edited", "deleted", "read", "typing", "status", "pinned", "named"}

func (d *driver) run(ctx context.Context, f facts) (any, error) {
	switch f.Command {
	case "abilities":
		return object{"commands": commands, "events": events}, nil
	case "start":
		return d.start(f)
	case "stop":
		return d.stop()
	case "requestCode":
		sent, err := d.client.Auth().SendCode(ctx, f.Number, auth.SendCodeOptions{})
		if err == nil {
			d.number, d.asked = f.Number, sent.(*tg.AuthSentCode)
		}
		return nil, err
	case "enterCode":
		return d.enterCode(ctx, f)
	case "logOut":
		_, err := d.api.AuthLogOut(ctx)
		return nil, err
	case "deleteAccount":
		_, err := d.api.AccountDeleteAccount(ctx, &tg.AccountDeleteAccountRequest{Reason: "tested"})
		return nil, err
	case "setUsername":
		_, err := d.api.AccountUpdateUsername(ctx, f.Username)
		return nil, err
	case "online":
		_, err := d.api.AccountUpdateStatus(ctx, !f.On)
		return nil, err
	case "sessions":
		return d.sessions(ctx)
	case "endSession":
		hash, err := strconv.ParseInt(f.Session, 10, 64)
		if err == nil {
			_, err = d.api.AccountResetAuthorization(ctx, hash)
		}
		return nil, err
	case "findByNumber", "findByUsername", "contacts", "removeContact", "block", "blocked":
		return d.people(ctx, f)
	case "history", "dialogs", "search":
		return d.list(ctx, f)
	}
	return d.talk(ctx, f)
}

func (d *driver) sessions(ctx context.Context) (any, error) {
	found, err := d.api.AccountGetAuthorizations(ctx)
	if err != nil {
		return nil, err
	}
	all := []object{}
	for _, a := range found.Authorizations {
		all = append(all, object{"session": strconv.FormatInt(a.Hash, 10), "current": a.Current, "device": a.DeviceModel})
	}
	return all, nil
}

func (d *driver) people(ctx context.Context, f facts) (any, error) {
	switch f.Command {
	case "findByNumber":
		contact := tg.InputPhoneContact{Phone: f.Number, FirstName: f.Name}
		found, err := d.api.ContactsImportContacts(ctx, []tg.InputPhoneContact{contact})
		if err != nil || len(found.Imported) == 0 {
			return nil, err
		}
		d.know(found.Users)
		return found.Imported[0].UserID, nil
	case "findByUsername":
		found, err := d.api.ContactsResolveUsername(ctx, f.Username)
		if err != nil {
			return nil, err
		}
		d.know(found.Users)
		return id(found.Peer), nil
	case "contacts":
		found, err := d.api.ContactsGetContacts(ctx, 0)
		if err != nil {
			return nil, err
		}
		all := []int64{}
		for _, contact := range found.(*tg.ContactsContacts).Contacts {
			all = append(all, contact.UserID)
		}
		return all, nil
	case "removeContact":
		_, err := d.api.ContactsDeleteContacts(ctx, []tg.InputUserClass{d.user(f.Peer)})
		return nil, err
	case "block":
		var err error
		if f.On {
			_, err = d.api.ContactsBlock(ctx, &tg.ContactsBlockRequest{ID: d.peer(f.Peer)})
		} else {
			_, err = d.api.ContactsUnblock(ctx, &tg.ContactsUnblockRequest{ID: d.peer(f.Peer)})
		}
		return nil, err
	}
	found, err := d.api.ContactsGetBlocked(ctx, &tg.ContactsGetBlockedRequest{Limit: 100})
	if err != nil {
		return nil, err
	}
	all := []int64{}
	for _, blocked := range found.(*tg.ContactsBlocked).Blocked {
		all = append(all, id(blocked.PeerID))
	}
	return all, nil
}

func (d *driver) list(ctx context.Context, f facts) (any, error) {
	switch f.Command {
	case "history":
		found, err := d.api.MessagesGetHistory(ctx, &tg.MessagesGetHistoryRequest{Peer: d.peer(f.Peer), Limit: 100})
		if err != nil {
			return nil, err
		}
		all := []object{}
		for _, m := range messages(found) {
			all = append([]object{d.seen(m)}, all...)
		}
		return all, nil
	case "search":
		found, err := d.api.MessagesSearch(ctx, &tg.MessagesSearchRequest{
			Peer: d.peer(f.Peer), Q: f.Text, Filter: &tg.InputMessagesFilterEmpty{}, Limit: 100,
		})
		if err != nil {
			return nil, err
		}
		all := []string{}
		for _, m := range messages(found) {
			all = append(all, m.(*tg.Message).Message)
		}
		return all, nil
	}
	request := &tg.MessagesGetDialogsRequest{OffsetPeer: &tg.InputPeerEmpty{}, Limit: 100}
	if f.Archived {
		request.SetFolderID(1)
	} else {
		request.SetFolderID(0)
	}
	found, err := d.api.MessagesGetDialogs(ctx, request)
	if err != nil {
		return nil, err
	}
	modified, ok := found.AsModified()
	if !ok {
		return nil, fmt.Errorf("%T", found)
	}
	texts := map[int]string{}
	for _, m := range modified.GetMessages() {
		if text, ok := m.(*tg.Message); ok {
			texts[text.ID] = text.Message
		}
	}
	all := []object{}
	for _, each := range modified.GetDialogs() {
		if dialog, ok := each.(*tg.Dialog); ok {
			all = append(all, object{"peer": id(dialog.Peer), "top": texts[dialog.TopMessage], "unread": dialog.UnreadCount,
				"readOutbox": dialog.ReadOutboxMaxID, "pinned": dialog.Pinned, "draft": draft(dialog)})
		}
	}
	return all, nil
}

func draft(dialog *tg.Dialog) string {
	if draft, ok := dialog.Draft.(*tg.DraftMessage); ok {
		return draft.Message
	}
	return ""
}

func messages(found tg.MessagesMessagesClass) []tg.MessageClass {
	if modified, ok := found.AsModified(); ok {
		return modified.GetMessages()
	}
	return nil
}

func (d *driver) talk(ctx context.Context, f facts) (any, error) {
	to := message.NewSender(d.api).To(d.peer(f.Peer))
	switch f.Command {
	case "send":
		return d.send(ctx, f)
	case "forward":
		return unpack.MessageID(message.NewSender(d.api).To(d.peer(f.To)).ForwardIDs(d.peer(f.Peer), f.MessageID).Send(ctx))
	case "edit":
		request := &tg.MessagesEditMessageRequest{Peer: d.peer(f.Peer), ID: f.MessageID}
		request.SetMessage(f.Text)
		request.SetEntities(entities(f.Entities))
		_, err := d.api.MessagesEditMessage(ctx, request)
		return nil, err
	case "delete":
		_, err := d.api.MessagesDeleteMessages(ctx, &tg.MessagesDeleteMessagesRequest{Revoke: f.Both, ID: f.MessageIDs})
		return nil, err
	case "read":
		request := &tg.MessagesReadHistoryRequest{Peer: d.peer(f.Peer), MaxID: f.MessageID}
		_, err := d.api.MessagesReadHistory(ctx, request)
		return nil, err
	case "typing":
		return nil, to.TypingAction().Typing(ctx)
	case "pin":
		request := &tg.MessagesUpdatePinnedMessageRequest{Peer: d.peer(f.Peer), ID: f.MessageID, Unpin: !f.On}
		_, err := d.api.MessagesUpdatePinnedMessage(ctx, request)
		return nil, err
	case "clear":
		_, err := d.api.MessagesDeleteHistory(ctx, &tg.MessagesDeleteHistoryRequest{Peer: d.peer(f.Peer), Revoke: f.Both})
		return nil, err
	}
	return nil, fmt.Errorf("no command %s", f.Command)
}

func (d *driver) send(ctx context.Context, f facts) (any, error) {
	to := message.NewSender(d.api).To(d.peer(f.Peer))
	if f.Silent {
		return unpack.MessageID(to.Silent().Text(ctx, f.Text))
	}
	if f.ReplyTo == 0 && len(f.Entities) == 0 {
		return unpack.MessageID(to.Text(ctx, f.Text))
	}
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	request := &tg.MessagesSendMessageRequest{
		Peer: d.peer(f.Peer), Message: f.Text, RandomID: int64(binary.LittleEndian.Uint64(random[:])),
	}
	if len(f.Entities) > 0 {
		request.SetEntities(entities(f.Entities))
	}
	if f.ReplyTo != 0 {
		reply := &tg.InputReplyToMessage{ReplyToMsgID: f.ReplyTo}
		if f.Quote != "" {
			reply.SetQuoteText(f.Quote)
		}
		request.SetReplyTo(reply)
	}
	return unpack.MessageID(d.api.MessagesSendMessage(ctx, request))
}
