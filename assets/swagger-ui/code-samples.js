"use strict";

// Swagger UI leaves `x-codeSamples` out. This plugin shows them under the parameters of each operation, with a
// button that copies.
window.CodeSamplesPlugin = (system) => ({
  wrapComponents: {
    parameters: (Parameters) => (props) => {
      const { createElement, Fragment } = system.React;
      const samples = props.operation.get("x-codeSamples");
      const Code = props.getComponent("HighlightCode", true);
      return createElement(
        Fragment,
        null,
        createElement(Parameters, props),
        samples &&
          createElement(
            "div",
            { className: "opblock-section code-samples" },
            samples.toArray().flatMap((sample) => [
              createElement(
                "div",
                { className: "opblock-section-header", key: sample.get("label") },
                createElement("h4", { className: "opblock-title" }, sample.get("label")),
              ),
              createElement(
                "div",
                { className: "opblock-description-wrapper", key: sample.get("source") },
                createElement(Code, { language: "bash", canCopy: true }, sample.get("source")),
              ),
            ]),
          ),
      );
    },
  },
});
