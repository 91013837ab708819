"""What is put in front of the import path of the code under test, and runs in its Python.

It is not imported as a package, knows nothing of this program, and keeps to what Python 3.7 knows.
"""
