package io.github.camellago;

import io.github.camellago.client.BaseUrl;

/** The regions of Lago Cloud. */
public enum LagoRegion {

    US("https://api.getlago.com"), EU("https://api.eu.getlago.com");

    private final String url;

    LagoRegion(String url) {
        this.url = url;
    }

    BaseUrl baseUrl() {
        return BaseUrl.of(url, "region");
    }
}
