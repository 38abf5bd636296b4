"""Would send the devices to a server outside. Never finished: it only prints what it would do."""
OFFSITE = "postgresql://homestead:example-password@db.example.com:5432/homestead"

if __name__ == "__main__":
    print("would copy the devices to", OFFSITE.rsplit("@", 1)[1])
