using System.Diagnostics;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Faas.Tests;

/// <summary>The messages of one test case on their way to the runner. They say which of its tests runs, and since when.</summary>
/// <param name="bus">The way to the runner.</param>
internal sealed class WatchedMessages(IMessageBus bus) : IMessageBus
{
    private readonly Lock _turn = new();
    private long _begun = Stopwatch.GetTimestamp();
    private ITest? _running;
    private bool _isOver;

    /// <summary>How much of its limit the running test has left.</summary>
    public TimeSpan Left(TimeSpan limit) => limit - Stopwatch.GetElapsedTime(Volatile.Read(ref _begun));

    /// <inheritdoc />
    public bool QueueMessage(IMessageSinkMessage message)
    {
        lock (_turn)
        {
            if (_isOver)
            {
                return true; // a test that was left behind has ended after all
            }

            if (message is ITestStarting starting)
            {
                _running = starting.Test;
                Volatile.Write(ref _begun, Stopwatch.GetTimestamp());
            }

            _isOver = message is ITestCaseFinished;
            return bus.QueueMessage(message);
        }
    }

    /// <summary>Ends the test case for the runner: the running test has failed. Null when the test case has ended by itself.</summary>
    public RunSummary? Fail(IXunitTestCase testCase, TimeSpan limit)
    {
        lock (_turn)
        {
            if (_isOver)
            {
                return null;
            }

            _isOver = true;
            var seconds = (decimal)limit.TotalSeconds;
            var test = _running ?? new XunitTest(testCase, testCase.DisplayName);
            var fault = new TimeoutException($"The test still runs after {limit.TotalSeconds:0} s. Its limit ([TestLimit]) is over.");
            bus.QueueMessage(new TestFailed(test, seconds, "", fault));
            bus.QueueMessage(new TestFinished(test, seconds, ""));
            bus.QueueMessage(new TestCaseFinished(testCase, seconds, 1, 1, 0));
            return new RunSummary { Total = 1, Failed = 1, Time = seconds };
        }
    }

    /// <summary>Nothing: the bus belongs to the runner.</summary>
    public void Dispose()
    {
    }
}
