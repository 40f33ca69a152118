import { useState } from "preact/hooks";
import { IconButton } from "./Button";
import { MoonIcon, SunIcon } from "./icons";
import { chooseTheme, currentTheme } from "./theme";

export function ThemeSwitch() {
  const [theme, setTheme] = useState(currentTheme);
  const other = theme === "dark" ? "light" : "dark";
  const change = () => {
    chooseTheme(other);
    setTheme(other);
  };
  return (
    <IconButton label={`Switch to ${other} theme`} onClick={change}>
      {theme === "dark" ? <SunIcon /> : <MoonIcon />}
    </IconButton>
  );
}
