/**
 * The messenger: the gateway that speaks MTProto, the accounts, their mailboxes and the methods of
 * the API.
 *
 * <p><b>Way of a message.</b> {@code Gateway} (bytes, keys, sessions) → {@link
 * dev.starling.messenger.MethodTable} (which handler) → {@link dev.starling.messenger.Chats} (what
 * a message does to two boxes) → {@link dev.starling.messenger.Mailboxes} (one synced batch) →
 * {@link dev.starling.messenger.Sessions} (every session of every reader).
 *
 * <p><b>Rows.</b> Everything an account owns lies in its own partition, so that one owner, told by
 * the partition's epoch, orders all that happens to it. Numbers in keys are big-endian, so rows lie
 * in their order; values are boxed constructors of {@code row.tl}, sealed by the store.
 *
 * <pre>
 * partition          key                        value             what
 * ------------------ -------------------------- ----------------- --------------------------------------------
 * account/&lt;id&gt;       'a'                        accountRow        the profile
 *                    'A' auth_key_id:8          authorizationRow  a signed-in device
 *                    'D' auth_key_id:8          deviceRow         what the account chose for it, when it was active
 *                    'p' auth_key_id:8          settingRow        where its push service would find it
 *                    'L'                        loginCodeRow      the code that a person was handed
 *                    'l' auth_key_id:8          loginCodeRow      the code for a device that asked
 *                    's' name                   settingRow        a choice: privacy, notifications, the profile's text
 *                    'w'                        presenceRow       when it was online, coarsely
 *                    'v'                        activeRow         on which day a device of it was active last
 *                    'c' user_id:8              contactRow        a contact and what it is called here
 *                    'b'                        boxRow            pts, last message id, last date of the box
 *                    'd' peer_id:8              dialogRow2        top message, read marks, unread count, pin, folder
 *                    'f' peer_id:8              draftRow          what is written there and not yet sent
 *                    'R' peer_id:8 max_id:4     readDateRow       when the peer had read up to this message
 *                    'B' user_id:8              blockedRow        who may not write here, and since when
 *                    'F' id:4                   filterRow         a folder of the client's own
 *                    'O'                        filterOrderRow    in which order those are shown
 *                    'm' peer_id:8 id:4         messageRow        a message, in the layer that wrote it
 *                    'i' id:4                   messagePeerRow    which dialog a message lies in whose id is not its pts
 *                    'x' peer_id:8 kind:1 id:4  messagePeerRow    messages that a filter finds: pinned, with links
 *                    'e' pts:4                  eventRow          what happened at that pts
 *                    'r' random_id:8            sentRow           what a send answered: it is never done twice
 *                    'o' sender_id:8 id:4       sentRow           a delivered message: its id here
 *                    't'                        sweepRow          up to which event old random_ids are swept away
 * keys/&lt;id &amp; 63&gt;     auth_key_id:8              authKeyRow        an auth key, its layer, who is signed in by it
 *                                               temporaryKeyRow   one that expires, and for which permanent key it speaks
 * expiries/&lt;id &amp; 63&gt; time:4 auth_key_id:8       keyExpiryRow      when to look whether a key is to be thrown away
 * bound/&lt;id &amp; 63&gt;    auth_key_id:8 temporary:8  boundKeyRow       a temporary key that speaks for this permanent one
 * numbers/&lt;0..63&gt;    HMAC(number)               accountRef        who has this number
 * usernames/&lt;0..63&gt;  HMAC(username)             accountRef        who has this username
 * limits/&lt;0..63&gt;     HMAC(limit, subject)       limitRow          when it was done lately
 * deletions/0        id:8                       accountRef        accounts whose deletion is under way
 * accounts/0         id:8                       accountRef        all accounts, for the operator's list
 * </pre>
 */
@NullMarked
package dev.starling.messenger;

import org.jspecify.annotations.NullMarked;
