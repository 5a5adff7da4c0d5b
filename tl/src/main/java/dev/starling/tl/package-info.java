/**
 * The TL language of MTProto: values, their bytes, and the layers in which clients speak it.
 *
 * <h2>What is generated</h2>
 *
 * The schema compiler ({@code tl/src/compiler}) runs in Maven's generate-sources phase. npm fetches
 * the schemas once, pinned by {@code tl/schema/package-lock.json}; afterwards the build is offline,
 * and where neither schema nor compiler has changed it stops at a stamp. It writes and compiles
 * three packages:
 *
 * <ul>
 *   <li>{@code dev.starling.tl.api}: the canonical API, which is the newest known layer;
 *   <li>{@code dev.starling.tl.mt}: MTProto's own messages, from npm and {@code
 *       src/main/tl/mtproto.tl};
 *   <li>{@code dev.starling.tl.row}: Starling's rows at rest, from {@code src/main/tl/row.tl}.
 * </ul>
 *
 * Vectors, Bool, containers, packed bodies and {@code rpc_result} are written by hand, here.
 *
 * <h2>Names</h2>
 *
 * A constructor or method is a record: {@code messages.sendMessage} is {@code MessagesSendMessage},
 * {@code req_pq_multi} is {@code ReqPqMulti}. A type with one constructor is that record; over
 * several stands a sealed interface named {@code Any...}: {@code AnyUser} permits {@code User} and
 * {@code UserEmpty}. Fields are in camel case; a Java keyword, a name of {@code java.lang} or one
 * that the generated code uses gets a trailing underscore ({@code public_}). Two names that differ
 * in case alone stop the build.
 *
 * <p>Components come in the schema's order, without the flag words: int, long, double, boolean,
 * String, {@code byte[]} and lists. An optional field is {@code @Nullable}; {@code flags.N?true} is
 * a boolean. Every record has withers, one with optional fields also {@code of(required...)}.
 * Records that hold arrays compare those by identity.
 *
 * <h2>Layers</h2>
 *
 * A client's {@link dev.starling.tl.Layer} decides how a value is written. Where a constructor has
 * the same id in that layer, generated code writes it. Where it has another, the layer's wire table
 * does: a resource with one {@code Shape} for each distinct older form, its fields matched to the
 * record's by name and type, and with the layers at which the shape changes, so that a further
 * layer costs only what is new in it. Fields that changed their type or name are made of each other
 * by a {@code Conversion}. Where the layer lacks a constructor, one chosen by hand stands for it
 * ({@code messageMediaUnsupported}); else optional fields and elements of vectors are left out, an
 * object as a whole where what it lacks is required, and where even that is required the least
 * value of the type is written. An answer whose type has grown (createChat's Updates, now within
 * InvitedUsers) is written as the part that the layer knows. A layer's table is made when it is
 * first spoken.
 *
 * <p>Reading takes every id of every known layer and answers canonical records; what an older form
 * does not say is zero, empty or null. A newer layer is one more alias in {@code
 * tl/schema/package.json}; layers that no package has are in {@code between.txt}. What cannot be
 * expressed is listed in {@code docs/layers.md}.
 *
 * <h2>Bad input</h2>
 *
 * {@link dev.starling.tl.Tl#decode} answers a {@link dev.starling.tl.Decoded}; {@link
 * dev.starling.tl.TlReader} holds every length against what is there before it allocates. Nothing
 * here reflects.
 */
@NullMarked
package dev.starling.tl;

import org.jspecify.annotations.NullMarked;
