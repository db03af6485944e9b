using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Faas.Tests;

/// <summary>A test case that fails when one of its tests takes longer than its limit.</summary>
/// <param name="inner">The test case as xunit found it.</param>
[SuppressMessage("Extensibility", "xUnit3000", Justification = "It stays in this process.")]
[SuppressMessage("Extensibility", "xUnit3001", Justification = "It is made after the runner has found the tests, and never serialized.")]
internal sealed class LimitedTestCase(IXunitTestCase inner) : IXunitTestCase
{
    // How many times as long everything takes: on a slow machine (tests/suites.sh), and in a run of more cases (make fuzz, make soak).
    private static readonly double s_factor = Factor("FAAS_TEST_PATIENCE") * Factor("FAAS_TEST_LIMIT_FACTOR");

    public Exception InitializationException => inner.InitializationException;

    public IMethodInfo Method => inner.Method;

    public int Timeout => inner.Timeout;

    public string DisplayName => inner.DisplayName;

    public string SkipReason => inner.SkipReason;

    public ISourceInformation SourceInformation
    {
        get => inner.SourceInformation;
        set => inner.SourceInformation = value;
    }

    public ITestMethod TestMethod => inner.TestMethod;

    public object[] TestMethodArguments => inner.TestMethodArguments;

    public Dictionary<string, List<string>> Traits => inner.Traits;

    public string UniqueID => inner.UniqueID;

    private TimeSpan Limit =>
        s_factor * (Stated(Method.ToRuntimeMethod()) ?? Stated(TestMethod.TestClass.Class.ToRuntimeType()) ?? TestLimitAttribute.Usual);

    /// <inheritdoc />
    public async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink,
        IMessageBus messageBus,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        var watched = new WatchedMessages(messageBus);
        // A class has one output helper for all its tests, and a test that was left behind would end that of a later one.
        object[] arguments = [.. constructorArguments.Select(argument => argument is TestOutputHelper ? new TestOutputHelper() : argument)];
        var run = Task.Run(() => inner.RunAsync(diagnosticMessageSink, watched, arguments, aggregator, cancellationTokenSource));
        var limit = Limit;
        for (var left = limit; left > TimeSpan.Zero || Debugger.IsAttached; left = watched.Left(limit))
        {
            if (await Task.WhenAny(run, Task.Delay(Debugger.IsAttached ? System.Threading.Timeout.InfiniteTimeSpan : left)) == run)
            {
                return await run;
            }
        }

        return watched.Fail(inner, limit) ?? await run;
    }

    public void Deserialize(IXunitSerializationInfo info) => inner.Deserialize(info);

    public void Serialize(IXunitSerializationInfo info) => inner.Serialize(info);

    private static TimeSpan? Stated(MemberInfo member) =>
        member.GetCustomAttribute<TestLimitAttribute>() is { } stated ? TimeSpan.FromSeconds(stated.Seconds) : null;

    private static double Factor(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } factor ? double.Parse(factor, CultureInfo.InvariantCulture) : 1;
}
