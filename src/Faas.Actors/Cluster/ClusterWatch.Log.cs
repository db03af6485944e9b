using Microsoft.Extensions.Logging;

namespace Faas.Actors.Cluster;

/// <summary>What an operator reads of the members.</summary>
internal sealed partial class ClusterWatch
{
    private void LogChange(Membership before, Membership now)
    {
        // A node that is no member any more forgets all others, which says nothing of them.
        if (!now.IsMember && before.Members.Count > now.Members.Count)
        {
            return;
        }

        foreach (var gone in before.Members.ExceptBy(now.Members.Select(member => member.Address), member => member.Address))
        {
            LogGone(gone.Address, now.Counted);
        }

        foreach (var member in now.Members)
        {
            var known = before.Members.FirstOrDefault(one => one.Address == member.Address);
            if (member.State == MemberState.Up && known?.State != MemberState.Up)
            {
                LogUp(member.Address, now.Counted);
            }

            switch (known?.IsReachable ?? true, member.IsReachable)
            {
                case (true, false):
                    LogSilent(member.Address);
                    break;
                case (false, true):
                    LogBack(member.Address);
                    break;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Node} is a member of the cluster, which has {Count}.")]
    private partial void LogUp(ClusterAddress node, int count);

    [LoggerMessage(LogLevel.Information, "{Node} is gone from the cluster, whose members are {Count} now.")]
    private partial void LogGone(ClusterAddress node, int count);

    [LoggerMessage(LogLevel.Warning, "{Node} does not answer the other nodes.")]
    private partial void LogSilent(ClusterAddress node);

    [LoggerMessage(LogLevel.Information, "{Node} answers again.")]
    private partial void LogBack(ClusterAddress node);
}
