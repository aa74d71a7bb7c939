"""What a job's record promises."""
