package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AccountSetGlobalPrivacySettings;
import dev.starling.tl.api.AccountSetPrivacy;
import dev.starling.tl.api.AccountUpdateNotifySettings;
import dev.starling.tl.api.AnyDialog;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesDialogs;
import dev.starling.tl.api.AnyMessagesFilter;
import dev.starling.tl.api.AnyMessagesMessages;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.ContactsBlock;
import dev.starling.tl.api.ContactsBlocked;
import dev.starling.tl.api.ContactsGetBlocked;
import dev.starling.tl.api.ContactsUnblock;
import dev.starling.tl.api.Dialog;
import dev.starling.tl.api.DialogFilter;
import dev.starling.tl.api.DialogFolder;
import dev.starling.tl.api.DraftMessage;
import dev.starling.tl.api.FolderPeer;
import dev.starling.tl.api.FoldersEditPeerFolders;
import dev.starling.tl.api.GlobalPrivacySettings;
import dev.starling.tl.api.InputDialogPeer;
import dev.starling.tl.api.InputFolderPeer;
import dev.starling.tl.api.InputMessagesFilterEmpty;
import dev.starling.tl.api.InputMessagesFilterPhotos;
import dev.starling.tl.api.InputMessagesFilterPinned;
import dev.starling.tl.api.InputMessagesFilterUrl;
import dev.starling.tl.api.InputNotifyPeer;
import dev.starling.tl.api.InputNotifyUsers;
import dev.starling.tl.api.InputPeerEmpty;
import dev.starling.tl.api.InputPeerNotifySettings;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.InputPrivacyKeyStatusTimestamp;
import dev.starling.tl.api.InputPrivacyValueDisallowAll;
import dev.starling.tl.api.InputUser;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageService;
import dev.starling.tl.api.MessagesClearAllDrafts;
import dev.starling.tl.api.MessagesDialogs;
import dev.starling.tl.api.MessagesDialogsSlice;
import dev.starling.tl.api.MessagesGetAllDrafts;
import dev.starling.tl.api.MessagesGetDialogFilters;
import dev.starling.tl.api.MessagesGetDialogUnreadMarks;
import dev.starling.tl.api.MessagesGetDialogs;
import dev.starling.tl.api.MessagesGetHistory;
import dev.starling.tl.api.MessagesGetOutboxReadDate;
import dev.starling.tl.api.MessagesGetPinnedDialogs;
import dev.starling.tl.api.MessagesGetSavedDialogs;
import dev.starling.tl.api.MessagesGetSearchCounters;
import dev.starling.tl.api.MessagesMarkDialogUnread;
import dev.starling.tl.api.MessagesMessages;
import dev.starling.tl.api.MessagesMessagesNotModified;
import dev.starling.tl.api.MessagesMessagesSlice;
import dev.starling.tl.api.MessagesReadHistory;
import dev.starling.tl.api.MessagesReorderPinnedDialogs;
import dev.starling.tl.api.MessagesSaveDraft;
import dev.starling.tl.api.MessagesSearch;
import dev.starling.tl.api.MessagesSearchGlobal;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.MessagesSetTyping;
import dev.starling.tl.api.MessagesToggleDialogPin;
import dev.starling.tl.api.MessagesUnpinAllMessages;
import dev.starling.tl.api.MessagesUpdateDialogFilter;
import dev.starling.tl.api.MessagesUpdatePinnedMessage;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.SendMessageTypingAction;
import dev.starling.tl.api.TextWithEntities;
import dev.starling.tl.api.UpdateDeleteMessages;
import dev.starling.tl.api.UpdateFolderPeers;
import dev.starling.tl.api.UpdateMessageID;
import dev.starling.tl.api.UpdatePinnedMessages;
import dev.starling.tl.api.UpdateUserTyping;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesDifference;
import dev.starling.tl.api.UpdatesDifferenceSlice;
import dev.starling.tl.api.UpdatesDifferenceTooLong;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.UserFull;
import dev.starling.tl.api.UsersGetFullUser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Drafts, marks, pins, the archive, search and blocking. */
class ChatListsTest {
  private final World world = new World();
  private final Device alice = world.device("Alice");
  private final Device bob = world.device("Bob");
  private final AnyInputPeer toBob = alice.peer(bob);
  private final AnyInputPeer toAlice = bob.peer(alice);
  private long randomId = 1;

  private int send(Device from, AnyInputPeer to, String text) {
    Updates answer = (Updates) from.ok(MessagesSendMessage.of(to, text, randomId++));
    return ((UpdateMessageID) answer.updates().getFirst()).id();
  }

  private static List<AnyMessage> messages(AnyMessagesMessages answer) {
    return switch (answer) {
      case MessagesMessages whole -> whole.messages();
      case MessagesMessagesSlice slice -> slice.messages();
      default -> throw new AssertionError(answer.getClass());
    };
  }

  private static List<AnyMessage> history(Device device, AnyInputPeer peer) {
    return messages(device.ok(new MessagesGetHistory(peer, 0, 0, 0, 100, 0, 0, 0)));
  }

  private static List<String> texts(AnyMessagesMessages answer) {
    return messages(answer).stream().map(m -> ((Message) m).message()).toList();
  }

  private static MessagesGetDialogs dialogs(@Nullable Integer folder) {
    return MessagesGetDialogs.of(0, 0, new InputPeerEmpty(), 20, 0).withFolderId(folder);
  }

  private static List<AnyDialog> list(AnyMessagesDialogs answer) {
    return switch (answer) {
      case MessagesDialogs whole -> whole.dialogs();
      case MessagesDialogsSlice slice -> slice.dialogs();
      default -> throw new AssertionError(answer.getClass());
    };
  }

  private static List<Long> peers(List<AnyDialog> dialogs) {
    return dialogs.stream()
        .filter(Dialog.class::isInstance)
        .map(d -> ((PeerUser) ((Dialog) d).peer()).userId())
        .toList();
  }

  private static Dialog dialog(Device device, Device with) {
    return list(device.ok(dialogs(null))).stream()
        .map(Dialog.class::cast)
        .filter(d -> d.peer().equals(new PeerUser(with.account)))
        .findFirst()
        .orElseThrow();
  }

  private static String refusal(Device device, TlMethod<?> method) {
    return assertInstanceOf(Answer.Refusal.class, device.call(method)).message();
  }

  private static int pts(Device device) {
    return device.ok(new UpdatesGetState()).pts();
  }

  @Test
  void aDraftIsOnAllDevicesUntilItIsSent() {
    send(alice, toBob, "hi");
    int before = pts(alice);
    assertTrue(alice.ok(MessagesSaveDraft.of(toBob, "half a thou")));
    DraftMessage kept = assertInstanceOf(DraftMessage.class, dialog(alice, bob).draft());
    assertEquals("half a thou", kept.message());
    assertEquals(1, ((Updates) alice.ok(new MessagesGetAllDrafts())).updates().size());
    assertEquals(alice.session, world.pushes.getLast().except());
    UpdateDeleteMessages carrier =
        (UpdateDeleteMessages) ((Updates) world.told.getLast().updates()).updates().getFirst();
    assertEquals(before + 1, carrier.pts(), "the session itself hears where pts went");
    alice.ok(MessagesSaveDraft.of(toBob, "half a thou"));
    assertEquals(before + 1, pts(alice), "the same again changes nothing");
    alice.ok(MessagesSendMessage.of(toBob, "half a thought", randomId++).withClearDraft(true));
    assertNull(dialog(alice, bob).draft());
    alice.ok(MessagesSaveDraft.of(toBob, "again"));
    alice.ok(new MessagesClearAllDrafts());
    assertEquals(0, ((Updates) alice.ok(new MessagesGetAllDrafts())).updates().size());
    UpdatesDifference all = (UpdatesDifference) alice.ok(UpdatesGetDifference.of(before, 0, 1));
    assertEquals(1, all.otherUpdates().size(), "only the newest draft is told");
  }

  @Test
  void typingIsPassedOnAndKeptNowhere() {
    int before = pts(bob);
    alice.ok(MessagesSetTyping.of(toBob, new SendMessageTypingAction()));
    Updates pushed = (Updates) world.pushed(bob).getLast();
    assertEquals(alice.account, ((UpdateUserTyping) pushed.updates().getFirst()).userId());
    assertEquals(before, pts(bob));
    for (int i = 0; i < 100; i++) {
      alice.ok(MessagesSetTyping.of(toBob, new SendMessageTypingAction()));
    }
    assertTrue(world.pushed(bob).size() < 20, "nobody types that fast");
  }

  @Test
  void aReadMessageSaysWhen() {
    int id = send(alice, toBob, "hi");
    MessagesGetOutboxReadDate when = new MessagesGetOutboxReadDate(toBob, id);
    assertEquals("MESSAGE_NOT_READ_YET", refusal(alice, when));
    world.now += 60;
    bob.ok(new MessagesReadHistory(toAlice, 0));
    assertEquals(world.now, alice.ok(when).date());
    assertEquals("MESSAGE_ID_INVALID", refusal(alice, new MessagesGetOutboxReadDate(toBob, 999)));
    world.now += Reads.READ_DATE_SECONDS;
    assertEquals("MESSAGE_TOO_OLD", refusal(alice, when));
  }

  @Test
  void whoHidesWhenOneReadsLearnsItOfNobody() {
    int id = send(alice, toBob, "hi");
    bob.ok(new MessagesReadHistory(toAlice, 0));
    MessagesGetOutboxReadDate when = new MessagesGetOutboxReadDate(toBob, id);
    var hide =
        new AccountSetGlobalPrivacySettings(GlobalPrivacySettings.of().withHideReadMarks(true));
    bob.ok(hide);
    assertEquals(world.now, alice.ok(when).date(), "she sees when he was online");
    assertFalse(full(alice, toBob).readDatesPrivate());
    var nobody =
        new AccountSetPrivacy(
            new InputPrivacyKeyStatusTimestamp(), List.of(new InputPrivacyValueDisallowAll()));
    bob.ok(nobody);
    assertEquals("USER_PRIVACY_RESTRICTED", refusal(alice, when));
    assertTrue(full(alice, toBob).readDatesPrivate());
    int own = send(bob, toAlice, "hi");
    alice.ok(new MessagesReadHistory(toBob, 0));
    assertEquals(
        "YOUR_PRIVACY_RESTRICTED", refusal(bob, new MessagesGetOutboxReadDate(toAlice, own)));
    int unread = send(alice, toBob, "still?");
    assertEquals(
        "USER_PRIVACY_RESTRICTED", refusal(alice, new MessagesGetOutboxReadDate(toBob, unread)));
  }

  @Test
  void aDialogIsMarkedUnreadUntilItIsRead() {
    send(alice, toBob, "hi");
    bob.ok(new MessagesReadHistory(toAlice, 0));
    bob.ok(MessagesMarkDialogUnread.of(new InputDialogPeer(toAlice)).withUnread(true));
    assertTrue(dialog(bob, alice).unreadMark());
    assertEquals(1, bob.ok(MessagesGetDialogUnreadMarks.of()).size());
    assertEquals(1, bob.ok(new MessagesReadHistory(toAlice, 0)).ptsCount());
    assertFalse(dialog(bob, alice).unreadMark());
  }

  @Test
  void aMessageIsPinnedForBothOrForOneself() {
    send(bob, new InputPeerSelf(), "so that ids differ");
    int id = send(alice, toBob, "important");
    Updates answer = (Updates) alice.ok(MessagesUpdatePinnedMessage.of(toBob, id));
    assertEquals(List.of(id), ((UpdatePinnedMessages) answer.updates().getFirst()).messages());
    MessageService said = (MessageService) history(bob, toAlice).getFirst();
    Message copy = (Message) history(bob, toAlice).get(1);
    assertTrue(copy.pinned());
    assertNotNull(said.replyTo());
    assertEquals("CHAT_NOT_MODIFIED", refusal(alice, MessagesUpdatePinnedMessage.of(toBob, id)));
    assertEquals(
        List.of("important"), texts(search(bob, toAlice, "", new InputMessagesFilterPinned())));
    bob.ok(MessagesUpdatePinnedMessage.of(toAlice, copy.id()).withUnpin(true).withPmOneside(true));
    assertEquals(List.of(), texts(search(bob, toAlice, "", new InputMessagesFilterPinned())));
    assertEquals(
        List.of("important"), texts(search(alice, toBob, "", new InputMessagesFilterPinned())));
    assertEquals(id, full(alice, toBob).pinnedMsgId());
    int before = pts(alice);
    var affected = alice.ok(MessagesUnpinAllMessages.of(toBob));
    assertEquals(1, affected.ptsCount());
    assertEquals(before + 1, affected.pts());
    assertEquals(List.of(), texts(search(alice, toBob, "", new InputMessagesFilterPinned())));
  }

  private static UserFull full(Device device, AnyInputPeer peer) {
    InputPeerUser user = (InputPeerUser) peer;
    InputUser input = new InputUser(user.userId(), user.accessHash());
    return device.ok(new UsersGetFullUser(input)).fullUser();
  }

  @Test
  void pinnedDialogsLeadTheListInTheirOrder() {
    List<Device> others = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      others.add(world.device("Other" + i));
      send(alice, alice.peer(others.get(i)), "hi");
    }
    List<Long> ids = others.stream().map(d -> d.account).toList();
    assertEquals(ids.reversed(), peers(list(alice.ok(dialogs(0)))));
    for (int i = 0; i < DialogOrder.PINNED_MAX; i++) {
      alice.ok(pin(others.get(i), true));
    }
    assertEquals("PINNED_DIALOGS_TOO_MUCH", refusal(alice, pin(others.get(6), true)));
    assertEquals(
        List.of(ids.get(4), ids.get(3), ids.get(2), ids.get(1), ids.get(0), ids.get(6), ids.get(5)),
        peers(list(alice.ok(dialogs(0)))));
    int before = pts(alice);
    alice.ok(
        new MessagesReorderPinnedDialogs(true, 0, List.of(of(others.get(1)), of(others.get(4)))));
    assertEquals(
        List.of(ids.get(1), ids.get(4)),
        peers(alice.ok(new MessagesGetPinnedDialogs(0)).dialogs()));
    assertEquals(
        List.of(ids.get(6), ids.get(5), ids.get(3), ids.get(2), ids.get(0)),
        peers(list(alice.ok(dialogs(0).withExcludePinned(true)))));
    UpdatesDifference missed = (UpdatesDifference) alice.ok(UpdatesGetDifference.of(before, 0, 1));
    assertEquals(3, missed.users().size(), "everybody whom the order names");
    // page by page: what is pinned is on the first only
    List<Long> seen = new ArrayList<>();
    int offset = 0;
    for (int page = 0; page < 4; page++) {
      var got = alice.ok(dialogs(0).withLimit(3).withOffsetId(offset));
      seen.addAll(peers(list(got)));
      offset = ((Dialog) list(got).getLast()).topMessage();
      if (seen.size() == 7) {
        break;
      }
    }
    assertEquals(
        List.of(ids.get(1), ids.get(4), ids.get(6), ids.get(5), ids.get(3), ids.get(2), ids.get(0)),
        seen);
  }

  private InputDialogPeer of(Device device) {
    return new InputDialogPeer(alice.peer(device));
  }

  private MessagesToggleDialogPin pin(Device device, boolean pinned) {
    return new MessagesToggleDialogPin(pinned, of(device));
  }

  @Test
  void anArchivedDialogIsInItsFolder() {
    send(alice, toBob, "hi");
    send(alice, new InputPeerSelf(), "note");
    int before = pts(alice);
    alice.ok(new FoldersEditPeerFolders(List.of(new InputFolderPeer(toBob, 1))));
    assertEquals(before + 1, pts(alice));
    assertEquals(List.of(bob.account), peers(list(alice.ok(dialogs(1)))));
    List<AnyDialog> main = list(alice.ok(dialogs(0)));
    assertEquals(List.of(alice.account), peers(main));
    assertTrue(main.stream().noneMatch(DialogFolder.class::isInstance), "Telethon fails at it");
    assertInstanceOf(
        DialogFolder.class, alice.ok(new MessagesGetPinnedDialogs(0)).dialogs().getFirst());
    assertEquals(2, peers(list(alice.ok(dialogs(null)))).size(), "without a folder: all");
    assertEquals(
        "FOLDER_ID_INVALID",
        refusal(alice, new FoldersEditPeerFolders(List.of(new InputFolderPeer(toBob, 2)))));
  }

  private boolean isArchived(Device device, Device with) {
    return Integer.valueOf(1).equals(dialog(device, with).folderId());
  }

  private void archive() {
    bob.ok(new FoldersEditPeerFolders(List.of(new InputFolderPeer(toAlice, 1))));
    assertTrue(isArchived(bob, alice));
  }

  @Test
  void anArchivedDialogComesBackWithANewMessage() {
    send(alice, toBob, "hi");
    archive();
    int before = pts(bob);
    send(bob, toAlice, "one's own message leaves it there");
    assertTrue(isArchived(bob, alice));
    send(alice, toBob, "hello?");
    assertFalse(isArchived(bob, alice));
    assertEquals(before + 3, pts(bob), "two messages and the way back");
    UpdateFolderPeers told =
        (UpdateFolderPeers) ((Updates) world.pushed(bob).getLast()).updates().getLast();
    assertEquals(new FolderPeer(new PeerUser(alice.account), 0), told.folderPeers().getFirst());
    assertEquals(pts(bob), told.pts());
    UpdatesDifference missed = (UpdatesDifference) bob.ok(UpdatesGetDifference.of(before, 0, 1));
    assertEquals(List.of(told), missed.otherUpdates());
    archive();
    alice.ok(
        MessagesUpdatePinnedMessage.of(toBob, MessageRows.id(history(alice, toBob).getFirst())));
    assertFalse(isArchived(bob, alice), "that a message was pinned is news as well");
  }

  @Test
  void aMutedDialogStaysArchived() {
    send(alice, toBob, "hi");
    archive();
    int hour = (int) world.now + 3600;
    InputPeerNotifySettings muted = InputPeerNotifySettings.of().withMuteUntil(hour);
    InputPeerNotifySettings loud = InputPeerNotifySettings.of().withMuteUntil(0);
    bob.ok(new AccountUpdateNotifySettings(new InputNotifyUsers(), muted));
    send(alice, toBob, "all private chats are muted");
    assertTrue(isArchived(bob, alice));
    bob.ok(new AccountUpdateNotifySettings(new InputNotifyUsers(), loud));
    bob.ok(new AccountUpdateNotifySettings(new InputNotifyPeer(toAlice), muted));
    send(alice, toBob, "this one is");
    assertTrue(isArchived(bob, alice));
    world.now = hour;
    bob.ok(
        new AccountSetGlobalPrivacySettings(
            GlobalPrivacySettings.of().withKeepArchivedUnmuted(true)));
    send(alice, toBob, "none is, but archived ones shall stay");
    assertTrue(isArchived(bob, alice));
    bob.ok(
        new AccountSetGlobalPrivacySettings(
            GlobalPrivacySettings.of().withKeepArchivedFolders(true)));
    DialogFilter family =
        DialogFilter.of(
            2, new TextWithEntities("Family", List.of()), List.of(), List.of(toAlice), List.of());
    bob.ok(MessagesUpdateDialogFilter.of(2).withFilter(family));
    send(alice, toBob, "those in a folder shall stay");
    assertTrue(isArchived(bob, alice));
    bob.ok(MessagesUpdateDialogFilter.of(2));
    send(alice, toBob, "now it comes back");
    assertFalse(isArchived(bob, alice));
  }

  @Test
  void aDraftWithoutAMessageIsTold() {
    alice.ok(MessagesSaveDraft.of(toBob, "dear"));
    assertEquals(List.of(), peers(list(alice.ok(dialogs(0)))), "TDLib: a listed chat has messages");
    Updates drafts = (Updates) alice.ok(new MessagesGetAllDrafts());
    assertEquals(1, drafts.updates().size());
    assertEquals(2, drafts.users().size());
    alice.ok(MessagesSaveDraft.of(toBob, ""));
    assertEquals(List.of(), ((Updates) alice.ok(new MessagesGetAllDrafts())).updates());
  }

  private AnyMessagesMessages search(
      Device device, AnyInputPeer peer, String text, AnyMessagesFilter filter) {
    return device.ok(MessagesSearch.of(peer, text, filter, 0, 0, 0, 0, 10, 0, 0, 0));
  }

  @Test
  void aSearchFindsBeginningsOfWords() {
    send(alice, toBob, "The Quick brown fox");
    send(bob, toAlice, "unquick, #quiet");
    send(alice, toBob, "see example.org");
    var empty = new InputMessagesFilterEmpty();
    assertEquals(List.of("The Quick brown fox"), texts(search(alice, toBob, "QUI bro", empty)));
    assertEquals(List.of("unquick, #quiet"), texts(search(alice, toBob, "#qui", empty)));
    assertEquals(2, texts(search(alice, toBob, "qui", empty)).size());
    assertEquals(List.of(), texts(search(alice, toBob, "ick", empty)));
    assertEquals(
        List.of("see example.org"), texts(search(bob, toAlice, "", new InputMessagesFilterUrl())));
    assertEquals(
        List.of("unquick, #quiet"),
        texts(
            alice.ok(
                MessagesSearch.of(toBob, "", empty, 0, 0, 0, 0, 10, 0, 0, 0).withFromId(toBob))));
    var counters =
        alice.ok(
            MessagesGetSearchCounters.of(
                toBob, List.of(new InputMessagesFilterUrl(), new InputMessagesFilterPhotos())));
    assertEquals(List.of(1, 0), counters.stream().map(c -> c.count()).toList());
  }

  @Test
  void aSearchOverAllGoesPageByPage() {
    Device carol = world.device("Carol");
    for (int i = 0; i < 4; i++) {
      send(alice, toBob, "word b" + i);
      send(alice, alice.peer(carol), "word c" + i);
      send(alice, toBob, "nothing");
    }
    List<String> seen = new ArrayList<>();
    int rate = 0;
    int id = 0;
    while (true) {
      var page =
          alice.ok(
              MessagesSearchGlobal.of(
                  "wor", new InputMessagesFilterEmpty(), 0, 0, rate, new InputPeerEmpty(), id, 3));
      seen.addAll(texts(page));
      if (!(page instanceof MessagesMessagesSlice slice) || slice.nextRate() == null) {
        break;
      }
      rate = slice.nextRate();
      id = ((Message) slice.messages().getLast()).id();
    }
    assertEquals(
        List.of(
            "word c3", "word b3", "word c2", "word b2", "word c1", "word b1", "word c0", "word b0"),
        seen);
    assertEquals(
        "SEARCH_QUERY_EMPTY",
        refusal(
            alice,
            MessagesSearchGlobal.of(
                "", new InputMessagesFilterEmpty(), 0, 0, 0, new InputPeerEmpty(), 0, 3)));
  }

  @Test
  void aBlockedPersonReachesNobodyAndLearnsNothing() {
    send(alice, toBob, "before");
    bob.ok(ContactsBlock.of(toAlice));
    assertInstanceOf(ContactsBlocked.class, bob.ok(ContactsGetBlocked.of(0, 10)));
    int before = pts(bob);
    int pushes = world.pushed(bob).size();
    send(alice, toBob, "into the void");
    alice.ok(MessagesSetTyping.of(toBob, new SendMessageTypingAction()));
    assertEquals(before, pts(bob));
    assertEquals(pushes, world.pushed(bob).size());
    assertEquals(2, history(alice, toBob).size());
    assertEquals(1, history(bob, toAlice).size());
    bob.ok(new MessagesReadHistory(toAlice, 0));
    assertEquals(0, dialog(alice, bob).readOutboxMaxId());
    assertEquals("YOU_BLOCKED_USER", refusal(bob, MessagesSendMessage.of(toAlice, "x", 99)));
    bob.ok(ContactsUnblock.of(toAlice));
    send(alice, toBob, "heard again");
    assertEquals(2, history(bob, toAlice).size());
    bob.ok(ContactsBlock.of(toAlice));
    World after = new World(world.store);
    Device again = after.new Device(after.account(bob.account));
    assertEquals(1, ((ContactsBlocked) again.ok(ContactsGetBlocked.of(0, 10))).blocked().size());
  }

  @Test
  void foldersOfOnesOwnAreKept() {
    DialogFilter work =
        DialogFilter.of(
            2, new TextWithEntities("Work", List.of()), List.of(), List.of(toBob), List.of());
    alice.ok(MessagesUpdateDialogFilter.of(2).withFilter(work));
    assertEquals(work, alice.ok(new MessagesGetDialogFilters()).filters().get(1));
    alice.ok(MessagesUpdateDialogFilter.of(2));
    assertEquals(1, alice.ok(new MessagesGetDialogFilters()).filters().size());
    assertEquals("FILTER_ID_INVALID", refusal(alice, MessagesUpdateDialogFilter.of(1)));
  }

  @Test
  void savedMessagesAreListedByOrigin() {
    send(alice, new InputPeerSelf(), "note");
    var saved =
        (dev.starling.tl.api.MessagesSavedDialogs)
            alice.ok(MessagesGetSavedDialogs.of(0, 0, new InputPeerEmpty(), 10, 0));
    assertEquals(1, saved.dialogs().size());
  }

  @Test
  void aPageThatTheClientHasIsNotSentAgain() {
    send(alice, toBob, "one");
    int two = send(alice, toBob, "two");
    long hash = Pages.hash(history(alice, toBob));
    var same = new MessagesGetHistory(toBob, 0, 0, 0, 100, 0, 0, hash);
    assertInstanceOf(MessagesMessagesNotModified.class, alice.ok(same));
    alice.ok(dev.starling.tl.api.MessagesEditMessage.of(toBob, two).withMessage("changed"));
    assertInstanceOf(MessagesMessages.class, alice.ok(same));
  }

  @Test
  void aDifferenceOfAnyLengthTellsEveryKindOfEvent() {
    Device other = world.device("Other");
    int start = pts(alice);
    send(alice, toBob, "one");
    int two = send(alice, toBob, "two");
    alice.ok(dev.starling.tl.api.MessagesEditMessage.of(toBob, two).withMessage("edited"));
    alice.ok(MessagesUpdatePinnedMessage.of(toBob, two));
    alice.ok(MessagesSaveDraft.of(toBob, "draft"));
    alice.ok(new MessagesToggleDialogPin(true, new InputDialogPeer(toBob)));
    alice.ok(new FoldersEditPeerFolders(List.of(new InputFolderPeer(alice.peer(other), 1))));
    bob.ok(new MessagesReadHistory(toAlice, 0));
    send(bob, toAlice, "answer");
    alice.ok(new MessagesReadHistory(toBob, 0));
    alice.ok(ContactsBlock.of(alice.peer(other)));
    alice.ok(new dev.starling.tl.api.MessagesDeleteMessages(false, List.of(two)));
    List<String> kinds = new ArrayList<>();
    int pts = start;
    while (alice.ok(UpdatesGetDifference.of(pts, Integer.MAX_VALUE, 1).withPtsLimit(1))
        instanceof UpdatesDifferenceSlice slice) {
      slice.newMessages().forEach(m -> kinds.add(m.getClass().getSimpleName()));
      slice.otherUpdates().forEach(u -> kinds.add(name(u)));
      assertTrue(slice.intermediateState().pts() > pts);
      pts = slice.intermediateState().pts();
    }
    UpdatesDifference last =
        (UpdatesDifference) alice.ok(UpdatesGetDifference.of(pts, Integer.MAX_VALUE, 1));
    last.otherUpdates().forEach(u -> kinds.add(name(u)));
    assertEquals(pts(alice), last.state().pts());
    assertEquals(
        List.of(
            "Message", // "two" and its edit are gone: only their deletion is told
            "PinnedMessages",
            "MessageService",
            "DraftMessage",
            "DialogPinned",
            "FolderPeers",
            "ReadHistoryOutbox",
            "Message",
            "ReadHistoryInbox",
            "PeerBlocked",
            "DeleteMessages"),
        kinds);
    assertInstanceOf(
        UpdatesDifferenceTooLong.class,
        alice.ok(UpdatesGetDifference.of(start, 0, 1).withPtsTotalLimit(3)));
    assertInstanceOf(
        UpdatesDifference.class,
        alice.ok(UpdatesGetDifference.of(start, 0, 1).withPtsTotalLimit(100)));
  }

  private static String name(AnyUpdate update) {
    return update.getClass().getSimpleName().substring("Update".length());
  }

  @Test
  void oldRandomIdsAreForgotten() {
    alice.ok(MessagesSendMessage.of(toBob, "old", 5_000));
    world.now += Sweep.RANDOM_ID_SECONDS + 1;
    for (int i = 0; i < Sweep.EVERY; i++) {
      send(alice, toBob, "m" + i);
    }
    int before = history(alice, toBob).size();
    alice.ok(MessagesSendMessage.of(toBob, "young", 5_001));
    alice.ok(MessagesSendMessage.of(toBob, "young", 5_001));
    alice.ok(MessagesSendMessage.of(toBob, "old", 5_000));
    assertEquals(before + 2, history(alice, toBob).size());
  }
}
