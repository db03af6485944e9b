using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Faas.Tests;

// Theory of operation. A test that hangs must fail under its own name while the other tests go on. xunit's Timeout has to be
// written on each Fact, and only asynchronous tests may have one. The runner's --blame-hang counts from the last test that began
// or ended, so in a suite that runs tests in parallel it says nothing until every other test has ended. This framework
// therefore wraps each test case before xunit runs it. A test over its limit is reported as failed and left behind: its
// thread or its tasks still hang, and end with the test host.

/// <summary>xunit's own framework, with a limit of time for each test: <see cref="TestLimitAttribute"/>.</summary>
public sealed class LimitedTestFramework(IMessageSink diagnostics) : XunitTestFramework(diagnostics)
{
    /// <inheritdoc />
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assembly, sources, diagnostics)
    {
        protected override void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            base.RunTestCases([.. testCases.Select(testCase => new LimitedTestCase(testCase))], executionMessageSink, executionOptions);
    }
}
