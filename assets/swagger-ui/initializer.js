"use strict";

// The page shows this server's contract and no other: a `?url=` would let a link make it
// show, and send credentials to, somebody else's.
window.addEventListener("load", () => {
  window.ui = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    queryConfigEnabled: false,
    persistAuthorization: false,
    validatorUrl: null,
    withCredentials: false,
    deepLinking: true,
    displayRequestDuration: true,
    layout: "BaseLayout",
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [CodeSamplesPlugin],
  });
});
