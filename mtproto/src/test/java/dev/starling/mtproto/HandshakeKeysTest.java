package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.mt.ClientDHInnerData;
import dev.starling.tl.mt.Ping;
import dev.starling.tl.mt.ServerDHInnerData;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Known answers are those of core.telegram.org/mtproto/samples-auth_key. */
class HandshakeKeysTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] NONCE = HEX.parseHex("3E0549828CCA27E966B301A48FECE2FC");
  private static final byte[] SERVER_NONCE = HEX.parseHex("A5CF4D33F4A11EA877BA4AA573907330");
  private static final byte[] NEW_NONCE =
      HEX.parseHex("311C85DB234AA2640AFC4A76A735CF5B1F0FD68BD17FA181E1229AD867CC024D");
  private static final HandshakeKeys KEYS = new HandshakeKeys(NEW_NONCE, SERVER_NONCE);

  /** Under these keys, as derived by hand from the nonces. */
  private static final byte[] AES_KEY =
      HEX.parseHex("F011280887C7BB01DF0FC4E17830E0B91FBB8BE4B2267CB985AE25F33B527253");

  private static final byte[] AES_IV =
      HEX.parseHex("3212D579EE35452ED23E0D0C92841AA7D31B2E9BDEF2151E80D15860311C85DB");

  private static final byte[] ENCRYPTED_ANSWER =
      HEX.parseHex(
          "28A92FE20173B347A8BB324B5FAB2667C9A8BBCE6468D5B509A4CBDDC186240AC912CF7006AF8926DE606A2E74C0493C"
              + "AA57741E6C82451F54D3E068F5CCC49B4444124B9666FFB405AAB564A3D01E67F6E912867C8D20D9882707DC330B17B4"
              + "E0DD57CB53BFAAFA9EF5BE76AE6C1B9B6C51E2D6502A47C883095C46C81E3BE25F62427B585488BB3BF239213BF48EB8"
              + "FE34C9A026CC8413934043974DB03556633038392CECB51F94824E140B98637730A4BE79A8F9DAFA39BAE81E1095849E"
              + "A4C83467C92A3A17D997817C8A7AC61C3FF414DA37B7D66E949C0AEC858F048224210FCC61F11C3A910B431CCBD104CC"
              + "CC8DC6D29D4A5D133BE639A4C32BBFF153E63ACA3AC52F2E4709B8AE01844B142C1EE89D075D64F69A399FEB04E656FE"
              + "3675A6F8F412078F3D0B58DA15311C1A9F8E53B3CD6BB5572C294904B726D0BE337E2E21977DA26DD6E33270251C2CA2"
              + "9DFCC70227F0755F84CFDA9AC4B8DD5F84F1D1EB36BA45CDDC70444D8C213E4BD8F63B8AB95A2D0B4180DC91283DC063"
              + "ACFB92D6A4E407CDE7C8C69689F77A007441D4A6A8384B666502D9B77FC68B5B43CC607E60A146223E110FCB43BC3C94"
              + "2EF981930CDC4A1D310C0B64D5E55D308D863251AB90502C3E46CC599E886A927CDA963B9EB16CE62603B68529EE98F9"
              + "F5206419E03FB458EC4BD9454AA8F6BA777573CC54B328895B1DF25EAD9FB4CD5198EE022B2B81F388D281D5E5BC5801"
              + "07CA01A50665C32B552715F335FD76264FAD00DDD5AE45B94832AC79CE7C511D194BC42B70EFA850BB15C2012C5215CA"
              + "BFE97CE66B8D8734D0EE759A638AF013");

  private static final AuthKey AUTH_KEY =
      new AuthKey(
          HEX.parseHex(
              "AB96E207C631300986F30EF97DF55E179E63C112675F0CE502EE76D74BBEE6CBD1E95772818881E9F2FF54BD52C25878"
                  + "7474F6A7BEA61EABE49D1D01D55F64FC07BC31685716EC8FB46FEACF9502E42CFD6B9F45A08E90AA5C2B5933AC767CBE"
                  + "1CD50D8E64F89727CA4A1A5D32C0DB80A9FCDBDDD4F8D5A1E774198F1A4299F927C484FEEC395F29647E43C3243986F9"
                  + "3609E23538C21871DF50E00070B3B6A8FA9BC15628E8B43FF977409A61CEEC5A21CF7DFB5A4CC28F5257BC30CD8F2FB9"
                  + "2FBF21E28924065F50E0BBD5E11A420300E2C136B80E9826C6C5609B5371B7850AA628323B6422F3A94F6DFDE4C3DC1E"
                  + "A60F7E11EE63122B3F39CBD1A8430157"));

  @Test
  void opensTheSampleOfTheSpecification() {
    ServerDHInnerData inner = KEYS.open(ENCRYPTED_ANSWER, ServerDHInnerData.class);
    assertNotNull(inner);
    assertArrayEquals(NONCE, inner.nonce());
    assertArrayEquals(SERVER_NONCE, inner.serverNonce());
    assertArrayEquals(Dh.fixed(Dh.PRIME), inner.dhPrime());
    assertEquals(2, inner.g());
  }

  @Test
  void newNonceHash1IsThatOfTheSample() {
    assertEquals("ccebc0217266e1edec7fb0a0eed6c220", HEX.formatHex(KEYS.newNonceHash(1, AUTH_KEY)));
  }

  /** By another implementation. */
  @Test
  void newNonceHash2And3DifferByTheirNumber() {
    byte[] newNonce = new byte[32];
    new Counter().nextBytes(newNonce);
    HandshakeKeys keys = new HandshakeKeys(newNonce, SERVER_NONCE);
    assertEquals(
        "952e6a08256f80cd9bdeb531bad46be9",
        HEX.formatHex(keys.newNonceHash(2, AuthKeyTest.SAMPLE)));
    assertEquals(
        "ec176e7922a4825b99f0d57fbbe9086d",
        HEX.formatHex(keys.newNonceHash(3, AuthKeyTest.SAMPLE)));
  }

  @Test
  void theFirstSaltIsTheNoncesXor() {
    assertEquals(Long.reverseBytes(0x94d3c8e8d7ebbcccL), KEYS.salt());
  }

  @Property(tries = 200)
  void opensWhatItSeals(@ForAll long seed, @ForAll @Size(max = 256) byte[] gB) {
    var inner = new ClientDHInnerData(NONCE, SERVER_NONCE, seed, gB);
    ClientDHInnerData opened =
        KEYS.open(KEYS.seal(inner, new Random(seed)), ClientDHInnerData.class);
    assertNotNull(opened);
    assertArrayEquals(gB, opened.gB());
    assertEquals(seed, opened.retryId());
  }

  @Property(tries = 200)
  void aChangedByteIsRefused(@ForAll byte at, @ForAll byte by) {
    byte[] sealed = ENCRYPTED_ANSWER.clone();
    sealed[at & 0xff] ^= by == 0 ? 1 : by;
    assertNull(KEYS.open(sealed, ServerDHInnerData.class));
  }

  /** "SHA1(data) + data + (0-15 random bytes)": ping and its hash take 32 bytes. */
  @ParameterizedTest
  @ValueSource(ints = {0, 16, 32})
  @DisplayName("15. client_DH_inner_data: padding of 0 to 15 bytes")
  void paddingIs0To15Bytes(int padding) {
    byte[] data = Tl.encode(new Ping(5), Layer.NEWEST);
    byte[] sealed = Bytes.concat(Bytes.sha1(data), data, new byte[padding]);
    Ige.encrypt(AES_KEY, AES_IV, sealed, 0);
    assertEquals(padding == 0, KEYS.open(sealed, Ping.class) != null);
  }

  @Test
  @DisplayName("15. client_DH_inner_data: SHA1 verifies")
  void aHashOfSomethingElseIsRefused() {
    byte[] data = Tl.encode(new Ping(5), Layer.NEWEST);
    byte[] sealed = Bytes.concat(Bytes.sha1(data, new byte[1]), data);
    Ige.encrypt(AES_KEY, AES_IV, sealed, 0);
    assertNull(KEYS.open(sealed, Ping.class));
  }

  @Test
  void anotherTypeIsRefused() {
    assertNull(KEYS.open(ENCRYPTED_ANSWER, ClientDHInnerData.class));
  }

  @Property(tries = 200)
  void randomBytesAreRefused(@ForAll @Size(max = 100) byte[] sealed) {
    assertNull(KEYS.open(sealed, ClientDHInnerData.class));
  }
}
