"""The names of keys as each language's keyboards bear them, where they differ from English.

The left side is the name that pymdownx.keys knows: `++ctrl+shift+del++`.
"""

NAMES = {
    "fr": {
        "shift": "Maj",
        "left-shift": "Maj gauche",
        "right-shift": "Maj droite",
        "left-control": "Ctrl gauche",
        "right-control": "Ctrl droite",
        "left-alt": "Alt gauche",
        "right-alt": "AltGr",
        "left-command": "Cmd gauche",
        "right-command": "Cmd droite",
        "left-windows": "Win gauche",
        "right-windows": "Win droite",
        "caps-lock": "Verr. maj",
        "num-lock": "Verr. num",
        "scroll-lock": "Arrêt défil",
        "enter": "Entrée",
        "escape": "Échap",
        "delete": "Suppr",
        "insert": "Inser",
        "backspace": "Retour arrière",
        "space": "Espace",
        "home": "Début",
        "end": "Fin",
        "page-up": "Page préc.",
        "page-down": "Page suiv.",
        "arrow-left": "Gauche",
        "arrow-right": "Droite",
        "arrow-up": "Haut",
        "arrow-down": "Bas",
        "print-screen": "Impr. écran",
        "num-enter": "Entrée (pavé num.)",
        "left-button": "Bouton gauche",
        "middle-button": "Bouton central",
        "right-button": "Bouton droit",
    },
}
