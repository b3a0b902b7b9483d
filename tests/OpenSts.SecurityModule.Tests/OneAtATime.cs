// A PKCS#11 library lists its tokens when it is initialized: a token made by another process while a test holds the
// library open is not seen by the next test. Processes that are started and killed also disturb each other's times. So
// one test at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
