package dev.starling.messenger;

/**
 * What an operator may set of the messenger.
 *
 * @param serviceName what the service's own account is called, 1 to 64 characters
 * @param invitationsByAccount invitations of one account a day, 0 to 1,000
 * @param invitationsOfService invitations of all together a day, 0 to 10,000
 * @param lookupsByAccount numbers that one account may look up a day, 1 to 10,000
 */
public record MessengerSettings(
    String serviceName, int invitationsByAccount, int invitationsOfService, int lookupsByAccount) {
  /** What {@link Limit} gives as its reasons. */
  public static final MessengerSettings STANDARD =
      new MessengerSettings(
          "Starling",
          Limit.INVITE_BY_ACCOUNT.most,
          Limit.INVITE_OF_SERVICE.most,
          Limit.LOOKUP_BY_ACCOUNT.most);

  /** How often something may be done, as the operator has it. */
  int most(Limit limit) {
    return switch (limit) {
      case INVITE_BY_ACCOUNT -> invitationsByAccount;
      case INVITE_OF_SERVICE -> invitationsOfService;
      case LOOKUP_BY_ACCOUNT -> lookupsByAccount;
      default -> limit.most;
    };
  }
}
