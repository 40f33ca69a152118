/** The oldest browsers with light-dark() and constructed stylesheets, both of which the pages rely on. */
export const browsers = ["chrome123", "firefox120", "safari17.5"];
