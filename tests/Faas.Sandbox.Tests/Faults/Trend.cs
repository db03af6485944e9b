using System.Globalization;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>How a quantity in bytes changes with the number of calls, or of other steps: the line of least squares.</summary>
internal sealed class Trend(string name, string steps = "calls")
{
    private readonly List<(double Calls, double Bytes)> _samples = [];

    /// <summary>Bytes that each call adds.</summary>
    public double BytesPerCall
    {
        get
        {
            var (calls, bytes) = (_samples.Average(sample => sample.Calls), _samples.Average(sample => sample.Bytes));
            var spread = _samples.Sum(sample => (sample.Calls - calls) * (sample.Calls - calls));
            return spread == 0 ? 0 : _samples.Sum(sample => (sample.Calls - calls) * (sample.Bytes - bytes)) / spread;
        }
    }

    /// <summary>What the line says has come between the first sample and the last.</summary>
    public double Growth => BytesPerCall * (_samples[^1].Calls - _samples[0].Calls);

    /// <summary>A sample after so many calls.</summary>
    public void Add(long calls, long bytes) => _samples.Add((calls, bytes));

    /// <inheritdoc />
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {BytesPerCall * 1000 / 1024:0.0} KiB for each 1,000 {steps}; MiB: {string.Join(' ', _samples.Select(sample => (sample.Bytes / (1 << 20)).ToString("0.0", CultureInfo.InvariantCulture)))}");
}
