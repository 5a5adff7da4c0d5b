package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.tl.api.Config;
import dev.starling.tl.api.HelpAppConfig;
import dev.starling.tl.api.HelpGetAppConfig;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.HelpGetNearestDc;
import dev.starling.tl.api.HelpGetPromoData;
import dev.starling.tl.api.HelpGetTermsOfServiceUpdate;
import dev.starling.tl.api.HelpPromoDataEmpty;
import dev.starling.tl.api.HelpTermsOfServiceUpdateEmpty;
import dev.starling.tl.api.JsonObject;
import dev.starling.tl.api.NearestDc;
import java.util.List;

/** The methods that tell a client about the service itself. */
final class ServiceMethods {
  /** How long a configuration is good for; clients ask anew by themselves. */
  private static final int CONFIG_LIFE_SECONDS = 3600;

  /** How long a client may rest before it asks again for what there is none of. */
  private static final int NOTHING_LIFE_SECONDS = 24 * 3600;

  /** UTF-16 units of a message's text, as clients count them. */
  static final int MESSAGE_LENGTH_MAX = 4096;

  private static final int CAPTION_LENGTH_MAX = 1024;

  private final FrontAddresses addresses;
  private final Env env;

  ServiceMethods(FrontAddresses addresses, Env env) {
    this.addresses = addresses;
    this.env = env;
  }

  void register(MethodTable table) {
    table.open(HelpGetConfig.class, (caller, _) -> Answer.result(config(caller)));
    table.open(
        HelpGetNearestDc.class,
        (caller, _) -> Answer.result(new NearestDc("", caller.dc(), caller.dc())));
    table.open(
        HelpGetAppConfig.class,
        (_, _) -> Answer.result(new HelpAppConfig(1, new JsonObject(List.of()))));
    table.open(
        HelpGetPromoData.class,
        (_, _) -> Answer.result(new HelpPromoDataEmpty(later(NOTHING_LIFE_SECONDS))));
    table.open(
        HelpGetTermsOfServiceUpdate.class,
        (_, _) -> Answer.result(new HelpTermsOfServiceUpdateEmpty(later(NOTHING_LIFE_SECONDS))));
  }

  /**
   * {@code this_dc} is the client's own data centre: any other makes TDLib ask for the
   * configuration for ever.
   */
  private Config config(Caller caller) {
    return Config.of(
            env.unixSeconds(),
            later(CONFIG_LIFE_SECONDS),
            false, // test_mode
            caller.dc(),
            addresses.optionsFor(caller.accountId(), caller.dc()),
            "", // dc_txt_domain_name: no lookup that a censor could watch
            200, // chat_size_max
            200_000, // megagroup_size_max
            100, // forwarded_count_max
            210_000, // online_update_period_ms
            5_000, // offline_blur_timeout_ms
            30_000, // offline_idle_timeout_ms
            300_000, // online_cloud_timeout_ms
            30_000, // notify_cloud_delay_ms
            1_500, // notify_default_delay_ms
            60_000, // push_chat_period_ms
            2, // push_chat_limit
            172_800, // edit_time_limit
            Integer.MAX_VALUE, // revoke_time_limit
            Integer.MAX_VALUE, // revoke_pm_time_limit
            2_419_200, // rating_e_decay
            200, // stickers_recent_limit
            604_800, // channels_read_media_period
            20_000, // call_receive_timeout_ms
            90_000, // call_ring_timeout_ms
            30_000, // call_connect_timeout_ms
            10_000, // call_packet_timeout_ms
            "", // me_url_prefix
            CAPTION_LENGTH_MAX,
            MESSAGE_LENGTH_MAX,
            caller.dc()) // webfile_dc_id
        // Else TDLib clears a chat on its own side alone, whatever its user asked for.
        .withRevokePmInbox(true);
  }

  private int later(int seconds) {
    return env.unixSeconds() + seconds;
  }
}
