print("listed")
