package dev.starling.tl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.starling.tl.api.AnyMessageAction;
import dev.starling.tl.api.MessageActionChatJoinedViaCommunity;
import dev.starling.tl.api.MessageActionEmpty;
import dev.starling.tl.api.MessageService;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.User;
import org.junit.jupiter.api.Test;

/** What a layer changes in what is written. */
class LayerTest {
  /** {@code user} as layer 227 has it. */
  private static final int USER_227 = 0x31774388;

  @Test
  void aLayerThatIsNotKnownIsTheNearestKnownOne() {
    assertEquals(229, Layer.NEWEST.number());
    assertSame(Layer.NEWEST, Layer.of(229));
    assertSame(Layer.NEWEST, Layer.of(Integer.MAX_VALUE));
    assertEquals(228, Layer.of(228).number());
    assertEquals(227, Layer.of(227).number());
    assertEquals(143, Layer.of(Integer.MIN_VALUE).number());
  }

  @Test
  void aConstructorThatHasChangedIsWrittenAsItWasAndReadAsItIs() {
    User user = User.of(7).withFirstName("Ann").withContact(true).withAccessHash(3L);
    byte[] older = Tl.encode(user, Layer.of(227));
    assertEquals(USER_227, new TlReader(older, 0, 4).readInt());
    assertNotEquals(USER_227, User.ID);
    assertEquals(new Decoded.Value(user), Tl.decode(older));
  }

  @Test
  void aConstructorThatTheLayerLacksIsStoodFor() {
    AnyMessageAction action = new MessageActionChatJoinedViaCommunity(1);
    var message = MessageService.of(1, new PeerUser(2), 3, action);
    var read = (MessageService) value(Tl.encode(message, Layer.of(227)));
    assertInstanceOf(MessageActionEmpty.class, read.action());
    assertEquals(action, ((MessageService) value(Tl.encode(message, Layer.NEWEST))).action());
  }

  @Test
  void optionalValuesAreAbsentAfterReading() {
    User read = (User) value(Tl.encode(User.of(7), Layer.of(228)));
    assertNull(read.firstName());
    assertEquals(User.of(7), read);
  }

  private static TlObject value(byte[] bytes) {
    return assertInstanceOf(Decoded.Value.class, Tl.decode(bytes)).value();
  }
}
