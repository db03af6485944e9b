using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Http.Api.Calls;
using Faas.Http.Wire.Problems;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Batches;

/// <summary>A body of lines, each of which is one input as JSON. An empty line is none.</summary>
public static class BatchLines
{
    /// <summary>Their media type.</summary>
    public const string MediaType = "application/x-ndjson";

    /// <summary>Whether the Content-Type says that the body is such lines.</summary>
    public static bool Are(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The inputs. Throws <see cref="ProblemException"/>, which names the line.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="most">The most inputs.</param>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlySpan<byte> text, int most)
    {
        var inputs = new List<ReadOnlyMemory<byte>>();
        var number = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            number++;
            var line = text[range].Trim(" \t\r"u8);
            if (line.IsEmpty)
            {
                continue;
            }

            if (!JsonScan.IsValue(line, Run.MaxInputDepth, out _))
            {
                throw ProblemException.Malformed(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Line {number} is not one JSON value that is nested at most {Run.MaxInputDepth} levels deep."));
            }

            MemberValue.CheckInput(line, string.Create(CultureInfo.InvariantCulture, $"Line {number}"));
            BatchBody.Add(inputs, line, most);
        }

        return inputs;
    }
}
