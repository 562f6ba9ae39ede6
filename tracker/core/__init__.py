"""The pure core: takes facts, rules and an instant as frozen values and gives decisions with their reasons. It knows no
file, network, database or clock."""
