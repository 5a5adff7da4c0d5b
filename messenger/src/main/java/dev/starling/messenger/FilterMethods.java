package dev.starling.messenger;

import dev.starling.store.Order;
import dev.starling.store.Row;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.AnyDialogFilter;
import dev.starling.tl.api.DialogFilter;
import dev.starling.tl.api.DialogFilterDefault;
import dev.starling.tl.api.MessagesDialogFilters;
import dev.starling.tl.api.MessagesGetDialogFilters;
import dev.starling.tl.api.MessagesUpdateDialogFilter;
import dev.starling.tl.api.MessagesUpdateDialogFiltersOrder;
import dev.starling.tl.api.UpdateDialogFilter;
import dev.starling.tl.api.UpdateDialogFilterOrder;
import dev.starling.tl.row.FilterOrderRow;
import dev.starling.tl.row.FilterRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Folders that a person makes of its dialogs: the server only keeps them for all its devices. */
final class FilterMethods {
  /** "dialog_filters_limit_default" of the clients' configuration. */
  private static final int FILTERS_MAX = 10;

  /** Peers of one folder: "dialog_filters_chats_limit_default". */
  private static final int PEERS_MAX = 100;

  /** Ids below belong to the lists that every client has. */
  private static final int ID_MIN = 2;

  private static final int ID_MAX = 255;

  private static final int TITLE_LENGTH_MAX = 12;

  private final Delivery delivery;

  FilterMethods(Delivery delivery) {
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(
        MessagesGetDialogFilters.class,
        (me, _, _) -> Answer.result(delivery.with(me, FilterMethods::list)));
    table.on(MessagesUpdateDialogFilter.class, this::update);
    table.on(MessagesUpdateDialogFiltersOrder.class, this::reorder);
  }

  static Map<Integer, AnyDialogFilter> filters(Mailbox box) {
    Map<Integer, AnyDialogFilter> filters = new LinkedHashMap<>();
    byte[] from = Rows.key(Rows.FILTER);
    for (Row row : box.rows(from, Rows.after(from), Order.ASCENDING, FILTERS_MAX)) {
      FilterRow filter = Rows.decode(FilterRow.class, row.value());
      filters.put(
          ByteBuffer.wrap(row.key()).getInt(1),
          Rows.decodeApi(AnyDialogFilter.class, filter.filter()));
    }
    return filters;
  }

  /** The folder of all chats is always there: TDLib takes its absence for an error. */
  private static MessagesDialogFilters list(Mailbox box) {
    Map<Integer, AnyDialogFilter> filters = filters(box);
    FilterOrderRow order = box.row(FilterOrderRow.class, Rows.key(Rows.FILTER_ORDER));
    List<AnyDialogFilter> list = new ArrayList<>();
    for (int id : order == null ? List.<Integer>of() : order.ids()) {
      AnyDialogFilter filter = id == 0 ? new DialogFilterDefault() : filters.remove(id);
      if (filter != null) {
        list.add(filter);
      }
    }
    if (list.stream().noneMatch(DialogFilterDefault.class::isInstance)) {
      list.addFirst(new DialogFilterDefault());
    }
    list.addAll(filters.values());
    return new MessagesDialogFilters(false, list);
  }

  private Answer<Boolean> update(long me, Caller caller, MessagesUpdateDialogFilter m) {
    if (m.id() < ID_MIN || m.id() > ID_MAX) {
      return Answer.refusal(400, "FILTER_ID_INVALID");
    }
    if (m.filter() != null && !(m.filter() instanceof DialogFilter)) {
      return Answer.refusal(400, "METHOD_NOT_SUPPORTED");
    }
    if (m.filter() instanceof DialogFilter filter) {
      if (filter.title().text().isBlank() || filter.title().text().length() > TITLE_LENGTH_MAX) {
        return Answer.refusal(400, "FILTER_TITLE_EMPTY");
      }
      if (filter.includePeers().size() > PEERS_MAX
          || filter.pinnedPeers().size() > PEERS_MAX
          || filter.excludePeers().size() > PEERS_MAX) {
        return Answer.refusal(400, "FILTER_INCLUDE_TOO_MUCH");
      }
    }
    return delivery.with(
        me,
        box -> {
          Map<Integer, AnyDialogFilter> filters = filters(box);
          byte[] key = Rows.key(Rows.FILTER, m.id());
          Draft draft = delivery.draft(box);
          if (m.filter() == null) {
            draft.delete(key);
          } else if (filters.size() >= FILTERS_MAX && !filters.containsKey(m.id())) {
            return Answer.refusal(400, "DIALOG_FILTERS_TOO_MUCH");
          } else {
            byte[] body = Tl.encode((TlObject) m.filter(), Layer.NEWEST);
            draft.put(key, new FilterRow(Layer.NEWEST.number(), body));
          }
          draft.aside(UpdateDialogFilter.of(m.id()).withFilter(m.filter()), me);
          delivery.commitAside(draft, caller.sessionId());
          return Answer.result(true);
        });
  }

  private Answer<Boolean> reorder(long me, Caller caller, MessagesUpdateDialogFiltersOrder m) {
    if (m.order().size() > FILTERS_MAX + 1) {
      return Answer.refusal(400, "LIMIT_INVALID");
    }
    return delivery.with(
        me,
        box -> {
          Draft draft = delivery.draft(box);
          draft.put(Rows.key(Rows.FILTER_ORDER), new FilterOrderRow(m.order()));
          draft.aside(new UpdateDialogFilterOrder(m.order()), me);
          delivery.commitAside(draft, caller.sessionId());
          return Answer.result(true);
        });
  }
}
