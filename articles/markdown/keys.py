"""The names of keys as each language's keyboards bear them, where they differ from English.

The left side is the name that pymdownx.keys knows: `++ctrl+shift+del++`.
"""

NAMES = {
    "fr": {
        "shift": "Maj",
        "left-shift": "Maj gauche",
        "right-shift": "Maj droite",
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
    },
}
