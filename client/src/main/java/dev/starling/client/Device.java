package dev.starling.client;

/**
 * What a client says of itself in {@code initConnection}; people see it in their list of sessions.
 */
public record Device(
    int apiId, String apiHash, String model, String system, String appVersion, String language) {}
