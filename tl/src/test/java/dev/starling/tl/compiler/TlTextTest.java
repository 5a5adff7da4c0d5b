package dev.starling.tl.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Flag;
import dev.starling.tl.compiler.Schema.TypeRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class TlTextTest {
  @Test
  void parsesConstructorsAndMethods() {
    List<Definition> parsed =
        TlText.parse(
            """
            // a comment; with a semicolon
            boolTrue#997275b5 = Bool;
            vector#1cb5c415 {t:Type} # [ t ] = Vector t;
            int ? = Int;
            thing#1 flags:# loud:flags.0?true names:flags.3?Vector<string> /* inside */ salts:vector<%salt>
              = a.Thing;
            ---functions---
            a.call#2a {X:Type} query:!X = X;
            ---types---
            last#3 = Last;
            """);
    assertEquals(
        List.of("thing", "a.call", "last"), parsed.stream().map(Definition::name).toList());
    Definition thing = parsed.getFirst();
    assertFalse(thing.isMethod());
    assertEquals(1, thing.id());
    assertTrue(thing.params().getFirst().isFlags());
    assertEquals(new Flag("flags", 0), thing.params().get(1).flag());
    assertEquals(TypeRef.vectorOf("string"), thing.params().get(2).type());
    assertNull(thing.params().get(3).flag());
    assertEquals(new TypeRef("salt", true, true), thing.params().get(3).type());
    assertEquals("a.Thing", thing.result().name());
    assertTrue(parsed.get(1).isMethod());
    assertTrue(parsed.get(1).isGeneric());
    assertFalse(parsed.get(2).isMethod());
  }

  @Test
  void brokenLinesAreNamed() {
    assertThrows(SchemaException.class, () -> TlText.parse("thing x:int;"));
    assertThrows(SchemaException.class, () -> TlText.parse("thing x = Thing;"));
  }

  @Test
  void idsAreTheChecksumsThatTelegramPublishes() {
    assertEquals(0xdde8a54c, TlText.crc("inputPeerUser user_id:long access_hash:long = InputPeer"));
    assertEquals(0x0d91a548, TlText.crc("users.getUsers id:Vector<InputUser> = Vector<User>"));
    assertEquals(0xda9b0d0d, TlText.crc("invokeWithLayer {X:Type} layer:int query:!X = X"));
    int plain = TlText.crc("thing flags:# id:int = Thing");
    assertEquals(plain, TlText.crc("thing flags:# loud:flags.0?true id:int = Thing"));
  }

  @Test
  void everyIdOfTheNewestLayerButAFewIsTheChecksumOfItsText() {
    List<Definition> all = Schemas.newest().definitions();
    long proved = all.stream().filter(d -> TlText.crc(TlText.print(d)) == d.id()).count();
    assertTrue(proved > all.size() * 99L / 100, proved + " of " + all.size());
  }
}
