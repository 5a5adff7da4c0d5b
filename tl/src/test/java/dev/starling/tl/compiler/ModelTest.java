package dev.starling.tl.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ModelTest {
  @Test
  void namesOfTheSchemaBecomeNamesOfJava() {
    assertEquals("MessagesSendMessage", Names.type("messages.sendMessage"));
    assertEquals("ServerDHParamsOk", Names.type("server_DH_params_ok"));
    assertEquals("PQInnerDataDc", Names.type("p_q_inner_data_dc"));
    assertEquals("AnyMessagesDialogs", Names.union("messages.Dialogs"));
    assertEquals("Error_", Names.type("error"), "java.lang has it");
    assertEquals("firstName", Names.component("first_name"));
    assertEquals("public_", Names.component("public"), "a keyword");
    assertEquals("hashCode_", Names.component("hash_code"), "a method of every object");
  }

  @Test
  void aTypeIsItsOnlyRecordOrAnInterfaceOverSeveral() {
    Model model = model("config = Config; user id:int = User; userEmpty = User;");
    assertEquals("Config", model.javaName("Config"));
    assertEquals("AnyUser", model.javaName("User"));
    assertThrows(SchemaException.class, () -> model.javaName("Chat"));
  }

  @Test
  void twoNamesThatAFileSystemTakesForOneStopTheBuild() {
    assertThrows(SchemaException.class, () -> model("a.thing = A; aThing = B;"));
    assertThrows(SchemaException.class, () -> model("aThing = A; aTHING = B;"));
    assertThrows(
        SchemaException.class, () -> model("anyUser = A; user id:int = User; userEmpty = User;"));
  }

  @Test
  void theLeastValueIsEmptyOrHasFewestRequiredFields() {
    assertEquals("userEmpty", least("user = User; userEmpty = User;", "User"));
    assertEquals(
        "box",
        least("boxEmpty id:int code:int = Box; box flags:# a:flags.0?int b:int = Box;", "Box"));
    assertEquals(
        "list", least("listNotModified = List; list hash:long items:Vector<List> = List;", "List"));
    assertEquals(
        "leaf", least("node child:Tree = Tree; leaf a:int b:int = Tree;", "Tree"), "it must end");
  }

  @Test
  void camelCaseIsTurnedBack() {
    assertEquals("first_name", TeleprotoJs.snake("firstName"));
    assertEquals("g_a", TeleprotoJs.snake("gA"));
    assertEquals("flags2", TeleprotoJs.snake("flags2"));
  }

  private static String least(String text, String type) {
    return model(text).least(type).name();
  }

  static Model model(String text) {
    return new Model("test", new Schema(1, TlText.parse(text)));
  }
}
