package dev.starling.messenger;

import dev.starling.tl.api.DcOption;
import java.util.List;

/** What {@code help.getConfig} tells an account about where the service can be reached. */
public interface FrontAddresses {
  /**
   * The addresses for one account.
   *
   * @param accountId whose; 0 when nobody is signed in yet
   * @param dc the client's own data centre, which the options must carry, or TDLib asks for ever
   */
  List<DcOption> optionsFor(long accountId, int dc);
}
