"use strict";

// A form beside "Authorize" that logs in and fills in `jwt` and `jwt_refresh`. The password goes to the login of the service
// that sent this page, and is kept nowhere.
window.LoginPlugin = (service) => (system) => {
  const { createElement, useState } = system.React;

  const authorize = (values) => {
    const schemes = window.ui.specSelectors.specJson().getIn(["components", "securitySchemes"]).toJS();
    const filled = ([name, value]) => [name, { name, value, schema: schemes[name] }];
    window.ui.authActions.authorizeWithPersistOption(Object.fromEntries(Object.entries(values).map(filled)));
  };

  // Returns what went wrong, for people.
  const logIn = async (credentials) => {
    try {
      const response = await fetch(`${service}users/v1/login`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(credentials),
        credentials: "omit",
      });
      const body = await response.json();
      if (!response.ok) {
        return body.detail ?? body.title ?? `The service answered ${response.status}.`;
      }
      authorize({ jwt: body.token, jwt_refresh: body.refresh_token });
      return null;
    } catch {
      return "The service cannot be reached.";
    }
  };

  const field = (label, attributes) =>
    createElement(
      "label",
      { key: attributes.name },
      createElement("span", null, label),
      createElement("input", { required: true, ...attributes }),
    );

  const LogIn = () => {
    const [open, setOpen] = useState(false);
    const [state, setState] = useState({});
    const submit = async (event) => {
      event.preventDefault();
      const form = event.currentTarget;
      const { email, password, replace } = form.elements;
      setState({ busy: true });
      const error = await logIn({
        email: email.value,
        password: password.value,
        replace_session: replace.checked,
      });
      password.value = "";
      setState({ error, done: error === null });
      if (error !== null) {
        password.focus();
      }
    };
    return createElement(
      "div",
      { className: "log-in" },
      createElement(
        "button",
        {
          type: "button",
          className: "btn",
          "aria-expanded": open,
          "aria-controls": "log-in-form",
          onClick: () => setOpen(!open),
        },
        "Log in",
      ),
      createElement(
        "form",
        { id: "log-in-form", hidden: !open, onSubmit: submit },
        field("E-mail", { name: "email", type: "email", autoComplete: "username" }),
        field("Password", { name: "password", type: "password", autoComplete: "current-password" }),
        field("End a session that is live elsewhere", { name: "replace", type: "checkbox", required: false }),
        createElement("button", { type: "submit", className: "btn", disabled: state.busy === true }, "Log in"),
        createElement("p", { role: "alert" }, state.error),
        createElement("p", { role: "status" }, state.done && "jwt and jwt_refresh are filled in."),
      ),
    );
  };

  return {
    wrapComponents: {
      authorizeBtn: (Authorize) => (props) =>
        createElement("div", { className: "ways-in" }, createElement(LogIn), createElement(Authorize, props)),
    },
  };
};
