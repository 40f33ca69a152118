/** The page of the HTTP API: Swagger UI on the bridge's own description. */

import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

SwaggerUI({
  dom_id: "#app",
  url: "/openapi.json",
  deepLinking: true,
  // Else it would ask a checker on the internet about this description.
  validatorUrl: null,
});
