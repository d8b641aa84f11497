"use strict";

// Where the service is, as the browser sees it: a proxy may have put a path before all of its own, and the page is served
// with and without a slash at its end.
const service = new URL("..", document.currentScript.src).href;

// Tokens in the browser's storage outlive the page, and any script of this origin reads them: for development only.
const persistAuthorization = document.currentScript.dataset.persistAuthorization === "true";

// Calls go where the page came from, whichever of the service's addresses that is; the policy allows no other.
const ServerPlugin = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (original) => (spec) => {
          // Filled in as it stands, it would make every try the repetition of the first one.
          delete spec.components?.parameters?.IdempotencyKey?.example;
          return original({ ...spec, servers: [{ url: service.replace(/\/$/, "") }] });
        },
      },
    },
  },
});

// The page shows this server's contract and no other: a `?url=` would let a link make it
// show, and send credentials to, somebody else's.
window.addEventListener("load", () => {
  window.ui = SwaggerUIBundle({
    url: `${service}openapi.json`,
    dom_id: "#swagger-ui",
    queryConfigEnabled: false,
    persistAuthorization,
    validatorUrl: null,
    withCredentials: false,
    deepLinking: true,
    docExpansion: "none",
    displayRequestDuration: true,
    layout: "BaseLayout",
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [CodeSamplesPlugin, LoginPlugin(service), ServerPlugin],
  });
});
